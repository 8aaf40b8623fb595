import type { Settings } from '../../config/settings.js';

/** The longest time from recording a request to sending it, in milliseconds. */
const SEND_WITHIN_MS = 10_000;

/**
 * How long after it was recorded a request may be sent, in milliseconds. A process may be stopped in between, as with
 * its virtual machine, for any time; meanwhile another replica has found out that Nova has nothing of the request, and
 * the client has sent it again. So what comes to be sent later than this is not sent.
 */
export function sendWithinMs({ NOVA_TIMEOUT_MS }: Pick<Settings, 'NOVA_TIMEOUT_MS'>): number {
  return Math.min(SEND_WITHIN_MS, NOVA_TIMEOUT_MS);
}
