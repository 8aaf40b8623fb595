import type { Fate, Passing } from './network/lossy-proxy.js';

const SEND: Fate[] = [
  'cut before',
  'cut after',
  'break off',
  'late',
  'twice',
  '503 before',
  '504 after',
  'pass',
];
const LOOK: Fate[] = ['cut before', 'cut after', '503 before', 'pass', 'pass', 'pass'];

/** What becomes of each request of a tag is known from the seed, in whatever order the tags come. */
export function fatesBySeed(seed: number): (request: Passing) => Fate {
  const seen = new Map<string, number>();
  return ({ method, url, headers }) => {
    const isLook = method === 'GET';
    const tag = isLook ? new URL(url, 'http://tasktag').searchParams.get('tag') : headers['task-tag'];
    // A library host's tests have two tenants with the same tags.
    const whose = [headers['x-user'], tag].flat().join(' ').trim();
    const times = (seen.get(whose) ?? 0) + 1;
    seen.set(whose, times);
    const fates = isLook ? LOOK : SEND;
    return fates[hash(`${seed} ${whose} ${times}`) % fates.length] as Fate;
  };
}

/** FNV-1a, mixed once more: its low bits alone are not random enough. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ char.charCodeAt(0), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}
