import fc from 'fast-check';
import { fromIds } from '../../test/arbitraries/ids.js';
import { toByteString } from '../url/percent-encoding.js';
import { idRanges } from './id-ranges.js';
import { idBytes } from './packed-ids.js';

function isFound(id: string, prefix: string): boolean {
  const bytes = idBytes(id);
  const found = idRanges(prefix).filter(
    ([from, before]) => bytes.compare(from) >= 0 && bytes.compare(before) < 0,
  );
  expect(found.length).toBeLessThan(2);
  return found.length === 1;
}

describe('the ranges of ids that begin with a prefix', () => {
  it('have each of them, once, whatever its form', () => {
    fc.assert(
      fc.property(fromIds, fc.nat(), (id, n) => {
        const bytes = toByteString(id);
        fc.pre(bytes !== '');
        const prefix = bytes.slice(0, 1 + (n % bytes.length));
        expect(isFound(id, prefix)).toBe(true);
      }),
    );
  });

  it('have no other one', () => {
    fc.assert(
      fc.property(fromIds, fromIds, fc.nat(), (id, other, n) => {
        const bytes = toByteString(other);
        fc.pre(bytes !== '');
        const prefix = bytes.slice(0, 1 + (n % bytes.length));
        expect(isFound(id, prefix)).toBe(toByteString(id).startsWith(prefix));
      }),
    );
  });

  const last = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  it.each([
    [last, 'f'],
    [last, 'ffffffff-'],
    [last, last],
    [last.replaceAll('-', ''), 'fff'],
    [`req-${last}`, 'r'],
    [`req-${last}`, 'req-'],
    [`req-${last}`, 'req-ff'],
    ['\xff'.repeat(64), '\xc3'],
    ['\u{10ffff}', '\xf4\x8f\xbf\xbf'],
  ])('have the last of all: %j by %j', (id, prefix) => {
    expect(isFound(id, prefix)).toBe(true);
  });

  it.each([
    ['order-4711', 1],
    ['6c0f', 3],
    ['6c0ff5be-', 2],
    ['r', 2],
    ['req-', 2],
    ['req-6c', 2],
    ['req-x', 1],
    ['6C0F', 1],
  ])('are few: %j has %d', (prefix, count) => {
    expect(idRanges(prefix)).toHaveLength(count);
  });
});
