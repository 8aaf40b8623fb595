import type { Settings } from '../../config/settings.js';

/** The longest time from recording a request to sending it, in milliseconds. */
const SEND_WITHIN_MS = 10_000;

/**
 * How long after it was recorded a request may be sent, in milliseconds. In between, a process may be stopped for any
 * time, as with its virtual machine; meanwhile another replica may have concluded that Nova has no trace of the
 * request, and the client may have sent it again. So a request that is later than this is not sent.
 */
export function sendWithinMs({ NOVA_TIMEOUT_MS }: Pick<Settings, 'NOVA_TIMEOUT_MS'>): number {
  return Math.min(SEND_WITHIN_MS, NOVA_TIMEOUT_MS);
}
