/** The longest reason, in characters. */
export const LONGEST_REASON = 255;

/** The rule for a reason, in words. */
export const REASON_RULE = `a text of at most ${LONGEST_REASON} characters`;

/** Whether a value can be a user's reason. PostgreSQL accepts no NUL, and none of them half a character. */
export function isReason(value: unknown): value is string {
  return typeof value === 'string' && /^[^\0\ud800-\udfff]{0,255}$/u.test(value);
}

/** @throws TypeError for a reason that cannot be stored; none is fine */
export function assertReason(reason: unknown): void {
  if (reason != null && !isReason(reason)) throw new TypeError(`A reason must be ${REASON_RULE}.`);
}
