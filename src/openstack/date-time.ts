/**
 * Reads a date and time (ISO 8601). Without a zone it is UTC, as in Nova.
 *
 * @returns epoch milliseconds; `null` for any other text
 */
export function parseDateTime(text: string): number | null {
  const hasZone = /([zZ]|[+-]\d{2}:?\d{2})$/.test(text) || !/[tT ]/.test(text);
  const time = Date.parse(hasZone ? text : `${text}Z`);
  return Number.isNaN(time) ? null : time;
}
