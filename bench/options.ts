import { LONG_PARTS, type Part, PARTS } from './parts/index.js';
import type { Length } from './rounds.js';

/** What is measured, and how long. */
export interface Options {
  command: string;
  parts: Part[];
  length: Length;
  /** The commit whose build is measured beside this one. @default others are */
  beside?: string;
  /** Whether it is everything, so that the results are worth keeping. */
  isWhole: boolean;
}

/** Short, and so rougher. */
export const QUICK: Length = { rounds: 3, seconds: 0.5, isShort: true };

const FULL: Length = { rounds: 5, seconds: 3 };

const USAGE = `npm run bench -- [quick] [only <part>,…]   parts: ${PARTS.join(', ')}
npm run bench -- beside <commit> [quick]`;

/** Short rounds leave out what takes long. */
export const QUICK_PARTS: Part[] = PARTS.filter((part) => !LONG_PARTS.includes(part));

/**
 * Reads what stands after `npm run bench --`.
 *
 * @throws Error that names what there is
 */
export function optionsOf(words: string[]): Options {
  const command = ['npm run bench', ...(words.length > 0 ? ['--', ...words] : [])].join(' ');
  const isQuick = words[0] === 'quick';
  if (words[0] === 'beside') return besideOf(command, words.slice(1));
  const [only, names, ...more] = isQuick ? words.slice(1) : words;
  const length = isQuick ? QUICK : FULL;
  if (only === undefined) {
    return { command, parts: isQuick ? QUICK_PARTS : [...PARTS], length, isWhole: !isQuick };
  }
  const parts = (names ?? '').split(',') as Part[];
  if (only !== 'only' || more.length > 0 || parts.some((part) => !PARTS.includes(part))) {
    throw new Error(USAGE);
  }
  return { command, parts, length, isWhole: false };
}

function besideOf(command: string, [beside, quick, ...more]: string[]): Options {
  if (beside === undefined || more.length > 0 || (quick ?? 'quick') !== 'quick') throw new Error(USAGE);
  return { command, parts: [], length: quick === undefined ? FULL : QUICK, beside, isWhole: false };
}
