import type { Dispatcher } from 'undici';
import { relayedHeaders, relayedReason } from './headers.js';
import type { NovaUpstream, UpstreamRequest } from './nova-upstream.js';

/** A whole answer from Nova's address, whoever has sent it. */
export interface UpstreamAnswer {
  status: number;
  statusText: string;
  /** Names and values by turns, without what is between two servers only. */
  rawHeaders: string[];
  body: Buffer;
}

/** Why there is no answer to a request that came to be sent too late. */
export const TOO_LATE = 'TooLate';

/** There is no whole answer. */
export class NoAnswer extends Error {
  constructor(
    /** Whether anything was sent; if not, nothing can have been done. */
    readonly wasSent: boolean,
    /** What is wrong, by its code; for the log. */
    readonly reason: string,
  ) {
    super(`No answer: ${reason}`);
  }
}

/** The time to send a request was over. */
class TooLate extends Error {
  override name = TOO_LATE;
}

/** The longest body of an answer that is kept, in bytes; those to task-enabled requests have a few kilobytes. */
const MAX_BODY = 4 * 1024 * 1024;

/**
 * Sends a request and waits for the whole answer, whatever becomes of the client meanwhile.
 *
 * @param sendBy epoch milliseconds after which it is not sent any more
 * @param isAgain whether it is sent for the second time
 * @throws NoAnswer
 */
export function exchange(
  upstream: NovaUpstream,
  request: UpstreamRequest,
  { sendBy = Infinity, isAgain = false }: { sendBy?: number; isAgain?: boolean } = {},
): Promise<UpstreamAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let head: Omit<UpstreamAnswer, 'body'>;
    let length = 0;
    let wasSent = false;
    const handler: Dispatcher.DispatchHandler = {
      // Here, and not before: a connection had to be made, and the process may have been stopped.
      onRequestStart: (controller) => {
        if (Date.now() > sendBy) controller.abort(new TooLate());
        else wasSent = true;
      },
      onResponseStart: ({ rawHeaders }, status, _headers, statusText = '') => {
        head = {
          status,
          statusText: relayedReason(statusText),
          rawHeaders: relayedHeaders(rawHeaders as Buffer[]),
        };
      },
      onResponseData: (controller, chunk) => {
        length += chunk.length;
        if (length > MAX_BODY) controller.abort(new Error('The answer is too long.'));
        else chunks.push(chunk);
      },
      onResponseEnd: () => resolve({ ...head, body: Buffer.concat(chunks) }),
      onResponseError: (_controller, error: Error & { code?: string }) =>
        reject(new NoAnswer(wasSent, error.code ?? error.name)),
    };
    upstream.dispatch(request, handler, isAgain);
  });
}
