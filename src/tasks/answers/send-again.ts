import type { AbstractHttpAdapter } from '@nestjs/core';
import type { SentAnswer } from './sent-answer.js';

/** A response of Express or of Fastify. */
interface PlatformResponse {
  status: (code: number) => unknown;
  send: (body?: unknown) => unknown;
  json?: (body?: unknown) => unknown;
  /** Express only. */
  end?: () => unknown;
}

/** The header by which a client knows a repeated answer. */
export const REPLAYED = 'Task-replayed';

/**
 * Sends a stored answer again, with `Task-replayed: true`. Anything that the host's interceptors or Nest would send
 * after it is dropped: the answer has already passed them once.
 */
export function sendAgain(adapter: AbstractHttpAdapter, response: object, answer: SentAnswer): void {
  const reply = response as PlatformResponse;
  reply.status(answer.status);
  for (const [name, value] of Object.entries(answer.headers)) adapter.setHeader(response, name, value);
  adapter.setHeader(response, REPLAYED, 'true');
  if (answer.body.length > 0) reply.send(answer.body);
  else if (reply.end !== undefined) reply.end();
  else reply.send();
  reply.send = reply.json = () => response;
}
