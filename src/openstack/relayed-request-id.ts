const relayedIds = new WeakMap<object, string>();

/**
 * Remembers the request id of an answer that another server has given: the one that the client knows.
 *
 * @param answer Node's own response
 */
export function setRelayedRequestId(answer: object, id: string | string[] | undefined): void {
  if (typeof id === 'string') relayedIds.set(answer, id);
}

/** The request id of an answer that another server has given. */
export function relayedRequestId(answer: object): string | undefined {
  return relayedIds.get(answer);
}
