/**
 * Whether a connection was closed before there was an answer, as happens to idle ones.
 *
 * @param code of the error
 */
export function isHangUp(code: string | undefined): boolean {
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}
