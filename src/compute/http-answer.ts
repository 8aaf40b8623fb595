import type { FastifyReply } from 'fastify';
import { setRelayedRequestId } from '../openstack/relayed-request-id.js';

/** An answer as it is to be sent. */
export interface HttpAnswer {
  status: number;
  /** Headers beside those that every answer has. */
  headers: Record<string, string>;
  /** `undefined` for an answer without a body. */
  body: unknown;
  /** Set when it is another server's answer, which is sent on as it came. */
  relayed?: RelayedHead;
}

/** Status line and headers as another server sent them. */
export interface RelayedHead {
  statusText: string;
  /** Its request id, for the log. */
  requestId: string | undefined;
  /** Names and values by turns, each character one byte; without what is between two servers only. */
  rawHeaders: string[];
}

/** Sends an answer. Another server's keeps its bytes; of this server's own headers it gets the tag alone. */
export function sendAnswer(reply: FastifyReply, { status, headers, body, relayed }: HttpAnswer): void {
  if (relayed === undefined) {
    void reply.status(status).headers(headers).send(body);
    return;
  }
  const tag = reply.getHeader('task-tag');
  const own = typeof tag === 'string' ? ['task-tag', tag] : [];
  reply.hijack();
  setRelayedRequestId(reply.raw, relayed.requestId);
  reply.raw.writeHead(status, relayed.statusText, [...relayed.rawHeaders, ...own]);
  reply.raw.end(body);
}
