import { epochMilliseconds } from './columns.js';

describe('a time in the database', () => {
  it('is a whole number of milliseconds, even after a calculation', () => {
    expect(epochMilliseconds.to(1_795_422_271_140.5)).toBe(1_795_422_271_141n);
    expect(epochMilliseconds.to(1_795_422_271_140)).toBe(1_795_422_271_140n);
    expect(epochMilliseconds.to(null)).toBeNull();
  });
});
