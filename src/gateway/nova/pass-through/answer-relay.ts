import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { setRelayedRequestId } from '../../../openstack/relayed-request-id.js';
import { notStored, relayedHeaders, relayedReason } from '../upstream/headers.js';

type Controller = Dispatcher.DispatchController;

/** An error of a connection. */
type ConnectionError = Error & { code?: string };

/** An answer without a body, which states the length of the body that the client has (RFC 9110, section 8.6). */
const NOT_MODIFIED = 304;

/** How long a client may leave an available answer unread, in milliseconds. */
const READING_LIMIT_MS = 60_000;

/** Writes an answer to the client as it arrives, no faster than the client reads it. */
export class AnswerRelay implements Dispatcher.DispatchHandler {
  private wasSent = false;
  private hasBegun = false;
  private expected = Number.NaN;

  /** @param fail called on an error before anything was written */
  constructor(
    private readonly response: ServerResponse,
    private readonly fail: (error: ConnectionError, wasSent: boolean) => void,
  ) {}

  onRequestStart(controller: Controller): void {
    if (this.response.destroyed) {
      controller.abort(new Error('The client has gone.'));
      return;
    }
    this.wasSent = true;
    this.response.once('close', () => {
      // The client has gone, so the rest of Nova's answer is useless; Nova's work goes on regardless.
      if (!this.response.writableFinished) controller.abort(new Error('The client has gone.'));
    });
  }

  onResponseStart(
    { rawHeaders }: Controller,
    status: number,
    headers: Record<string, string | string[] | undefined>,
    statusText = '',
  ): void {
    if (status < 200) return;
    this.hasBegun = true;
    this.expected = Number(headers['content-length'] ?? Number.NaN);
    setRelayedRequestId(this.response, headers['x-compute-request-id']);
    const relayed = notStored(this.response.req, relayedHeaders(rawHeaders as Buffer[]));
    this.response.writeHead(status, relayedReason(statusText), relayed);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (chunk.length === this.expected) {
      // The whole body at once: one write for head and body.
      this.response.end(chunk);
      return;
    }
    if (!this.response.write(chunk)) {
      controller.pause();
      // Without a listener, Node ends the connection here.
      this.response.setTimeout(READING_LIMIT_MS);
      this.response.once('drain', () => {
        this.response.setTimeout(0);
        controller.resume();
      });
    }
  }

  onResponseEnd(): void {
    if (!this.response.writableEnded) this.response.end();
  }

  onResponseError(_controller: Controller, error: ConnectionError): void {
    const isWhole =
      this.response.statusCode === NOT_MODIFIED && error.code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
    if (this.hasBegun && isWhole) this.response.end();
    // Half an answer must not look like a whole one.
    else if (this.hasBegun) this.response.destroy();
    else this.fail(error, this.wasSent);
  }
}
