import type { FastifyInstance } from 'fastify';
import { knownCaller } from '../identity/caller.js';
import { relayedRequestId } from '../openstack/relayed-request-id.js';
import { isOperatorRequest } from '../operator/operator-paths.js';
import { currentTask } from '../tasks/requests/current-task.js';
import { traceIdOf } from '../tracing/request-tracing.js';
import { toText } from '../url/percent-encoding.js';
import { REQUEST_LINE } from './logger.js';

/**
 * One line for each request, when it is answered or its client has gone; never with headers or bodies. Requests that
 * monitors send every few seconds are left out.
 */
export function logRequests(fastify: FastifyInstance): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const task = currentTask(request);
    const caller = knownCaller(request);
    request.log[isOperatorRequest(request) ? 'debug' : 'info'](
      {
        method: request.method,
        url: request.originalUrl,
        status: reply.raw.statusCode,
        // If Nova gave the answer: the id by which the client and Nova's own logs know the request.
        nova_request_id: relayedRequestId(reply.raw),
        trace_id: traceIdOf(request),
        ms: Math.round(reply.elapsedTime * 10) / 10,
        project_id: caller?.projectId,
        user_id: caller?.userId,
        task: task?.uuid,
        tag: task?.tag == null ? undefined : toText(task.tag),
      },
      REQUEST_LINE,
    );
    done();
  });
}
