/** The latest time that a uuid can have. */
const LAST = 2 ** 48 - 1;

/** The lowest uuid (version 7) of a time, in epoch milliseconds. */
export function firstUuidOf(time: number): string {
  const hex = Math.floor(Math.min(Math.max(time, 0), LAST))
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
