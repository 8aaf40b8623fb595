import type { Clock } from './clock.js';

/** Any `fetch`. */
export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** What all requests of a call share. */
export interface CallSettings {
  fetch: Fetch;
  clock: Clock;
  /** How long an answer may take, in milliseconds. */
  timeoutMs: number;
  /** The caller's signal. */
  signal: AbortSignal;
}

/** No complete answer came in time. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/**
 * Sends a request once, and reads its answer to the end. An answer that breaks off counts as no answer.
 *
 * @throws NoAnswerError when no answer comes in time
 * @throws whatever `fetch` throws, such as the caller's abort reason
 */
export async function fetchWhole(
  { fetch, clock, timeoutMs, signal }: CallSettings,
  url: string,
  init: RequestInit,
): Promise<Response> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const timer = new AbortController();
  const giveUp = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error));
  });
  const abort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', abort);
  void clock.sleep(timeoutMs, timer.signal).then(() => {
    if (!timer.signal.aborted) controller.abort(new NoAnswerError(`No answer within ${timeoutMs} ms`));
  });
  try {
    return await Promise.race([answer(fetch, url, { ...init, signal: controller.signal }), giveUp]);
  } finally {
    signal.removeEventListener('abort', abort);
    timer.abort();
  }
}

async function answer(fetch: Fetch, url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  await response.clone().arrayBuffer();
  return response;
}

/** Whether the answer is that of the original request, sent or made again. */
export function isReplayed({ headers }: Response): boolean {
  return headers.get('task-replayed') === 'true';
}
