const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Added to "not found" answers when tasks are kept for a limited time: the task may have expired.
 *
 * @param retentionMs how long tasks are kept, in milliseconds, whole hours; `null`: for ever, which needs no note
 * @returns a sentence with a blank before it, or an empty text
 */
export function retentionNote(retentionMs: number | null): string {
  if (retentionMs === null) return '';
  const [count, unit] =
    retentionMs % DAY_MS === 0 ? [retentionMs / DAY_MS, 'day'] : [retentionMs / HOUR_MS, 'hour'];
  return ` Tasks are kept for at least ${count} ${unit}${count === 1 ? '' : 's'} after they have ended.`;
}
