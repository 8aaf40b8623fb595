import { MINUS, NINE, POINT, ZERO } from './json-bytes.js';

const EXPONENT = 0x65;

/**
 * Writes the canonical form of a number without an exponent, such as `120` or `-0.99`: nearly all numbers are like that.
 * `canonicalNumber` takes any, and was measured to take ten times as long, for its texts and regular expressions.
 *
 * @param text has the number between `start` and `end`
 * @param to where its form begins in the draft
 * @returns where its form ends; `to` when it is another number, or none
 */
export function writePlainNumber(
  text: Buffer,
  start: number,
  end: number,
  draft: Buffer,
  to: number,
): number {
  const first = text[start] === MINUS ? start + 1 : start;
  /** Where the point is; `end` without one. */
  let point = end;
  for (let at = first; at < end; at += 1) {
    const byte = text[at] as number;
    if (byte >= ZERO && byte <= NINE) continue;
    if (byte !== POINT || point < end) return to;
    point = at;
  }
  const isNumber = point > first && point !== end - 1 && (text[first] !== ZERO || point === first + 1);
  if (!isNumber) return to;

  let from = first;
  while (from < end && (text[from] === ZERO || from === point)) from += 1;
  let next = to;
  if (from === end) {
    draft[next] = ZERO;
    return next + 1;
  }
  let last = end - 1;
  while (text[last] === ZERO || last === point) last -= 1;
  if (first > start) draft[next++] = MINUS;
  for (let at = from; at <= last; at += 1) if (at !== point) draft[next++] = text[at] as number;
  return writePower(last < point ? point - 1 - last : point - last, draft, next);
}

/** The power of ten after the digits, unless it is 0. */
function writePower(power: number, draft: Buffer, to: number): number {
  if (power === 0) return to;
  let next = to;
  draft[next++] = EXPONENT;
  if (power < -9 || power > 9) return next + draft.write(String(power), next, 'latin1');
  if (power < 0) draft[next++] = MINUS;
  draft[next++] = ZERO + Math.abs(power);
  return next;
}
