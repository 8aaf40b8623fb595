import type { ServerResponse } from 'node:http';
import { onceOver } from '../../../http/once-over.js';

/** Aborted when a response is closed: it has been sent, or its client has gone. */
export function untilClosed(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  onceOver(response, () => controller.abort());
  return controller.signal;
}
