import { fitting } from './fitting.js';
import { Watch } from './watch.js';

describe('the watches of a round', () => {
  const watch = (uuid: string, lookedAt: number, hasNews = false) =>
    Object.assign(new Watch(`ended ${uuid}`, { until: 'ended', uuid }), { lookedAt, hasNews });
  const keys = (watches: readonly Watch[]) => watches.map(({ key }) => key.slice('ended '.length));

  it('are all of them, in their order, while one statement can hold them', () => {
    const watches = [watch('b', 3), watch('a', 1, true), watch('c', 2)];
    expect(fitting(watches, 1000)).toBe(watches);
  });

  it('are those with news, and then the longest not looked at, until it is full', () => {
    const watches = [watch('a', 4), watch('b', 1), watch('c', 3, true), watch('d', 2), watch('e', 5, true)];
    expect(keys(fitting(watches, 400))).toEqual(['c', 'e', 'b']);
    expect(keys(fitting(watches, 1))).toEqual(['c']);
  });

  it('take turns, so that each is looked at in the end', () => {
    const watches = ['a', 'b', 'c', 'd', 'e'].map((uuid) => watch(uuid, 0));
    const seen = new Set<string>();
    for (let round = 1; round <= 3; round += 1) {
      for (const one of fitting(watches, 250)) {
        one.lookedAt = round;
        seen.add(one.key);
      }
    }
    expect(seen.size).toBe(5);
  });
});
