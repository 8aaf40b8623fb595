import { Inject, Injectable, Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { onlyKeyOf } from '../compute/actions/action-key.js';
import { knownCaller } from '../identity/caller.js';
import { globalRequestId } from '../openstack/request-id.js';
import { currentTask } from '../tasks/requests/current-task.js';
import { duplicateOf } from '../tasks/requests/duplicate.js';
import { toText } from '../url/percent-encoding.js';
import { cadfEvent, type CadfEvent, type Decision } from './cadf-event.js';

/** Takes audit events, at once; it never fails. */
export interface AuditSink {
  take(event: CadfEvent): void;
}

/** Injects where audit events go; `null` when there are none. */
export const AUDIT_SINK = Symbol('AUDIT_SINK');

/** The route of what users decide about tags and tasks. */
const DECISIONS = '/v3/tasks/action';

/** Tells an audit of what Tasktag itself decides: requests that it does not carry out, abandoned tags, resolved tasks. */
@Injectable()
export class Audit {
  private readonly logger = new Logger(Audit.name);

  constructor(@Inject(AUDIT_SINK) private readonly sink: AuditSink | null) {}

  /** Audits what a server answers from now on. */
  observe(fastify: FastifyInstance): void {
    const { sink } = this;
    if (sink === null) return;
    fastify.addHook('onResponse', (request, reply, done) => {
      const decision = decisionOf(request);
      try {
        if (decision !== null) sink.take(eventOf(request, reply, decision));
      } catch (error) {
        this.logger.error({ err: error, request_id: request.id }, 'A request could not be audited');
      }
      done();
    });
  }
}

function decisionOf(request: FastifyRequest): Decision | null {
  const duplicate = duplicateOf(request);
  const task = currentTask(request);
  const about = { task: task?.uuid ?? null, tag: task?.tag == null ? null : toText(task.tag) };
  if (duplicate !== undefined) return { decision: duplicate, ...about };
  // Bytes: it was refused before anybody read what it asks for.
  if (request.routeOptions.url !== DECISIONS || Buffer.isBuffer(request.body)) return null;
  const name = onlyKeyOf(request.body);
  if (name !== 'abandon' && name !== 'resolve') return null;
  // If it was refused, what it was asked for.
  const { uuid, tag } = ((request.body as Record<string, unknown>)[name] ?? {}) as Record<string, unknown>;
  return { decision: name, task: about.task ?? textOf(uuid), tag: about.tag ?? textOf(tag) };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value.slice(0, 255) : null;
}

function eventOf(request: FastifyRequest, reply: FastifyReply, decision: Decision): CadfEvent {
  const route = request.routeOptions.url ?? '';
  return cadfEvent({
    method: request.method,
    url: request.originalUrl,
    route,
    action: route.endsWith('/action') ? onlyKeyOf(request.body) : null,
    status: reply.raw.statusCode,
    caller: knownCaller(request) ?? null,
    client: { address: request.ip, agent: request.headers['user-agent'] },
    requestId: request.id,
    globalRequestId: globalRequestId(request),
    decision,
  });
}
