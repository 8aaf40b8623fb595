import type { FastifyReply } from 'fastify';
import { setRelayedRequestId } from '../openstack/relayed-request-id.js';

/** An answer to be sent. */
export interface HttpAnswer {
  status: number;
  /** Headers besides those of every answer. */
  headers: Record<string, string>;
  /** `undefined` for an answer without a body. */
  body: unknown;
  /** Set for another server's answer, which is relayed unchanged. */
  relayed?: RelayedHead;
}

/** Status line and headers, as another server sent them. */
export interface RelayedHead {
  statusText: string;
  /** Its request id, for the log. */
  requestId: string | undefined;
  /** Names and values in turn, one byte for each character; without hop-by-hop headers. */
  rawHeaders: string[];
}

/** Sends an answer. Another server's answer keeps its bytes, and gets only the tag from this server's headers. */
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
