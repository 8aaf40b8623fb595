import { requestFact } from '../http/request-fact.js';

const relayedId = requestFact<string>('answer of another server');

/**
 * Remembers the request id in another server's answer: the one that the client knows.
 *
 * @param answer Node's own response
 */
export function setRelayedRequestId(answer: object, id: string | string[] | undefined): void {
  if (typeof id === 'string') relayedId.set(answer, id);
}

/** The request id of an answer that another server has given. */
export const relayedRequestId = relayedId.known;
