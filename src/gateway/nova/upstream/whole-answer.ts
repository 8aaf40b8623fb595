import type { Dispatcher } from 'undici';
import { relayedHeaders, relayedReason } from './headers.js';
import type { NovaUpstream, UpstreamRequest } from './nova-upstream.js';

/** A complete answer from Nova's address, whatever server has sent it. */
export interface UpstreamAnswer {
  status: number;
  statusText: string;
  /** Names and values in turn, without hop-by-hop headers. */
  rawHeaders: string[];
  body: Buffer;
}

/** Reason when there is no answer because the request was not sent in time. */
export const TOO_LATE = 'TooLate';

/** There is no complete answer. */
export class NoAnswer extends Error {
  constructor(
    /** Whether anything was sent; if not, nothing can have been done. */
    readonly wasSent: boolean,
    /** The code of the error; for the log. */
    readonly reason: string,
  ) {
    super(`No answer: ${reason}`);
  }
}

/** The time to send a request was over. */
class TooLate extends Error {
  override name = TOO_LATE;
}

/** The longest body of an answer that is kept, in bytes; answers to task-enabled requests have a few kilobytes. */
const MAX_BODY = 4 * 1024 * 1024;

/**
 * Sends a request and waits for the complete answer, even if the client leaves meanwhile.
 *
 * @param sendBy epoch milliseconds after which it is no longer sent
 * @param isAgain whether it is sent for the second time
 * @throws NoAnswer
 */
export function wholeAnswer(
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
      // Checked only now: making the connection took time, and the process may have been stopped.
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
