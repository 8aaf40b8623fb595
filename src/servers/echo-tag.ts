import type { FastifyReply } from 'fastify';
import { sendHeadExactly } from '../tasks/answers/exact-head.js';
import type { Tag } from '../tasks/tag.js';

/** Names in an answer the tag by which it was found. */
export function echoTag(reply: FastifyReply, tag: Tag): void {
  sendHeadExactly(reply.raw, tag);
  void reply.header('task-tag', tag);
}
