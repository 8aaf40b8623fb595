import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { onlyKeyOf } from '../compute/actions/action-key.js';
import { isRead } from '../compute/actions/nova-actions.js';
import { isJsonType } from '../openstack/json-body.guard.js';
import { jsonOf } from '../openstack/json-of.js';
import { disguiseOf } from './disguise.js';
import type { PassThrough } from './nova/pass-through/pass-through.js';
import type { VersionDocuments } from './version-documents.js';

/** Numbers of Python's JSON that are not standard. */
const PYTHONS_NUMBERS = /NaN|Infinity/;

/** Handlers for requests that are not tasks. */
export interface Answerers {
  passThrough: PassThrough;
  versionDocuments: VersionDocuments;
  /** Whether a request has a tag, in any place. */
  hasTag: (request: FastifyRequest) => boolean;
}

/**
 * Passes requests outside this server's routes on to Nova, before their body is read; and those that only look like a
 * task, once it is read: an action that only reads, and a request without a tag that Nova will refuse for its form.
 */
export function passOthers(
  fastify: FastifyInstance,
  { passThrough, versionDocuments, hasTag }: Answerers,
): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const disguise = disguiseOf(request);
    if (disguise !== null) done(disguise);
    else if (isServerList(request)) passThrough.pass(request, reply);
    else if (!request.is404) done();
    else if (versionDocuments.isAsked(request)) versionDocuments.answer(request, reply).catch(done);
    else passThrough.pass(request, reply);
  });
  fastify.addHook('preHandler', (request: FastifyRequest, reply: FastifyReply, done) => {
    const body = Buffer.isBuffer(request.body) ? request.body : undefined;
    const hasBody = request.method === 'POST' || request.method === 'PUT';
    if (hasBody && !request.is404 && !isOwn(request) && !isTask(request, body, hasTag))
      passThrough.pass(request, reply, body);
    else done();
  });
}

/** The router would take it for a server of the name `detail`; `ServerListController` keeps it from that. */
function isServerList({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url === '/v3/servers/detail';
}

/** Whether this server alone has the route: Nova must not get such a request, even if it is malformed. */
function isOwn({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url === '/v3/tasks/action' || routeOptions.url === '/console/auth/tokens';
}

function isTask(
  request: FastifyRequest,
  body: Buffer | undefined,
  hasTag: (request: FastifyRequest) => boolean,
): boolean {
  const isAction = request.routeOptions.url === '/v3/servers/:id/action';
  const parsed = body !== undefined && isJsonType(request) ? jsonOf(request, body) : undefined;
  const key = isAction ? onlyKeyOf(parsed) : null;
  if (key !== null && isRead(key)) return false;
  // A body that is invalid here, but that Nova might accept, is refused further on.
  if (parsed === undefined && PYTHONS_NUMBERS.test(body?.toString('latin1') ?? '')) return true;
  const isWellFormed = parsed !== undefined && (!isAction || key !== null);
  return isWellFormed || hasTag(request);
}
