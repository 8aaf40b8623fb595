/** `.` and `..`, also escaped. */
const DOT_SEGMENT = /\/(\.|%2e){1,2}(\/|$)/i;

/** Whether a path may become another one, since a reader may resolve `.` and `..` in it (RFC 3986, section 5.2.4). */
export function hasDotSegment(path: string): boolean {
  return DOT_SEGMENT.test(path);
}
