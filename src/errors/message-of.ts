/** An error's message, for a log. Anything can be thrown, even a text or `undefined`. */
export function messageOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (typeof error !== 'object' || error === null) return `${String(error)} was thrown`;
  return 'message' in error && typeof error.message === 'string' ? error.message : 'no message';
}
