import { atLeast, atMost, isReached, spread } from './row.js';

describe('a row', () => {
  it('is reached on the right side of its target, and exactly at it', () => {
    expect(isReached({ target: atLeast(3), value: 3 })).toBe(true);
    expect(isReached({ target: atLeast(3), value: 2.9 })).toBe(false);
    expect(isReached({ target: atMost(1), value: 1 })).toBe(true);
    expect(isReached({ target: atMost(1), value: 1.1 })).toBe(false);
  });

  it('is not reached when nothing was measured', () => {
    expect(isReached({ target: atMost(1), value: NaN })).toBe(false);
    expect(isReached({ target: null, value: 1 })).toBeNull();
  });

  it('has the median of the rounds, even of an even number of them', () => {
    expect(spread([3, 1, 2])).toEqual({ value: 2, low: 1, high: 3 });
    expect(spread([4, 1, 2, 3])).toEqual({ value: 2.5, low: 1, high: 4 });
  });
});
