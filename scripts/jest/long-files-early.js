// Jest's order of files, but for those that install whole applications: each takes minutes, and most of that it waits.
// They begin early, and one after the other, so that none of them is left alone at the end.
import Sequencer from '@jest/test-sequencer';

const LONG = /\.(monorepo|generated)-spec\.ts$/;

/** How many other files come before the next long one. */
const BETWEEN = 30;

export default class LongFilesEarly extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    const long = sorted.filter(({ path }) => LONG.test(path));
    const others = sorted.filter(({ path }) => !LONG.test(path));
    long.forEach((test, n) => others.splice(n * (BETWEEN + 1), 0, test));
    return others;
  }
}
