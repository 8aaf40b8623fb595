import type { ServerResponse } from 'node:http';

/** Aborted when a response is closed: it has been sent, or its client has gone. */
export function untilClosed(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (response.destroyed) controller.abort();
  else response.once('close', () => controller.abort());
  return controller.signal;
}
