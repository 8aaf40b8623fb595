import { requestFact } from './request-fact.js';

describe('a fact of a request', () => {
  it('is remembered with that request alone, and apart from other facts', () => {
    const [name, age] = [requestFact<string>('NameGuard'), requestFact<number>('AgeGuard')];
    const request = {};
    name.set(request, 'Ada');
    expect([name.of(request), name.known(request), age.known(request)]).toEqual(['Ada', 'Ada', undefined]);
    expect(name.known({})).toBeUndefined();
    expect(JSON.stringify(request)).toBe('{}');
  });

  it('that was never established is an error, which names the missing guard', () => {
    expect(() => requestFact('TenantGuard').of({})).toThrow('This route has no TenantGuard.');
  });
});
