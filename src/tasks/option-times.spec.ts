import { singleTenant, tasksOptions } from './tasks.options.js';

const options = (given: Record<string, unknown>) => tasksOptions({ requester: singleTenant, ...given });

describe('the times among the options', () => {
  it.each([
    ['pendingMs', [NaN, 0, -1, Infinity, 86_400_001, '5000', null]],
    ['drainMs', [NaN, -1, '30000', null]],
    ['retentionMs', [NaN, 0, -1, Infinity, '1000']],
  ])('%s is refused when it is invalid', (name, values) => {
    for (const value of values) expect(() => options({ [name]: value })).toThrow(`option ${name} must be`);
  });

  it.each([
    ['pendingMs', [1, 1.5, 86_400_000]],
    ['drainMs', [0, 2 ** 31, Infinity]],
    ['retentionMs', [1, 1e12, null]],
  ])('%s may be short or long', (name, values) => {
    for (const value of values) expect(options({ [name]: value })).toMatchObject({ [name]: value });
  });
});
