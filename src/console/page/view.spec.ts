import { hashOf, listHash, NO_FILTER, queryOf, viewOf } from './view.js';

const UUID = '01a206bf-6dfb-736d-ab4c-140248cab156';

describe('the address of a view', () => {
  it.each([
    '#/tasks',
    '#/tasks?q=a%26b%3Dc%23d',
    '#/tasks?q=Bestellung+%E2%84%96+1&state=unknown&state=failure&task=create&within=1h&all=1',
    `#/tasks?since=2026-01-31T12%3A00%3A00.000Z&until=2026-02-01T12%3A00%3A00.000Z&marker=${UUID}`,
    `#/tasks/${UUID}`,
    `#/tasks/${UUID}?all=1`,
  ])('%s leads to the same view again', (hash) => {
    expect(hashOf(viewOf(hash))).toBe(hash);
  });

  it.each(['', '#', '#/', '#/nonsense', '#/tasks/1', '#/tasks?state=gone&within=2y&since=soon'])(
    '%j, of which nothing is understood, shows all tasks',
    (hash) => {
      expect(viewOf(hash)).toEqual({ name: 'list', filter: NO_FILTER, marker: null });
    },
  );

  it('leaves out what is not asked for', () => {
    expect(listHash({ q: 'x' })).toBe('#/tasks?q=x');
  });
});

describe('what the API is asked for', () => {
  const now = Date.parse('2026-01-31T12:00:00Z');

  it('is the filter, in its words', () => {
    const filter = { ...NO_FILTER, q: ' order 1 ', states: ['unknown' as const], task: 'create', all: true };
    expect(queryOf(filter, now).toString()).toBe('q=order+1&state=unknown&task=create&all_tenants=1');
  });

  it('is a time until now, or between two', () => {
    expect(queryOf({ ...NO_FILTER, within: '1h', until: '2020-01-01T00:00:00.000Z' }, now).toString()).toBe(
      'since=2026-01-31T11%3A00%3A00.000Z',
    );
    const between = { since: '2026-01-01T00:00:00.000Z', until: '2026-01-02T00:00:00.000Z' };
    expect([...queryOf({ ...NO_FILTER, ...between }, now)]).toEqual(Object.entries(between));
  });
});
