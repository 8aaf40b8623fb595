import { pause, retryAfterMs } from './clock.js';
import { type CallSettings, fetchWhole, isReplayed } from './fetch-whole.js';
import type { Settled } from './options.js';
import type { Outgoing } from './outgoing.js';

/** The header that chooses how a duplicate is answered, for servers that know it. */
const DUPLICATES_HEADER = 'task-duplicates';

/**
 * Sends an accepted request again, to get its first answer. Under its tag it is not carried out a second time: the
 * server answers, or refuses.
 *
 * @param until when to stop trying, in epoch milliseconds
 * @returns the answer, `null` when the server does not give it; and how often the request was sent
 */
export async function answerAgain(
  request: Outgoing,
  { backOff, maxSends, isInconclusive }: Settled,
  to: CallSettings,
  until: number,
): Promise<{ response: Response | null; sent: number }> {
  const headers = new Headers(request.headers);
  headers.set(DUPLICATES_HEADER, 'answer');
  for (let sent = 1, lost = 0; ; sent += 1) {
    const response = await fetchWhole(to, request.url, { ...request.init, headers }).catch(() => null);
    to.signal.throwIfAborted();
    // An answer that is not replayed is a new one: the first request was rejected after all.
    if (response !== null && (response.ok || isReplayed(response))) return { response, sent };
    const leastMs = response === null ? 0 : retryAfterMs(response, to.clock);
    if (response === null || isInconclusive(response)) lost += 1;
    // With `Retry-After`, the refusal says that the first answer is not known yet.
    else if (response.status !== 409 || leastMs === 0) return { response: null, sent };
    const mayTryAgain =
      lost < maxSends && (await pause(to.clock, to.signal, { backOff, tries: sent, leastMs, until }));
    if (!mayTryAgain) return { response: null, sent };
  }
}
