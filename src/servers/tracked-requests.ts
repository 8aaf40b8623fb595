import type { FastifyRequest } from 'fastify';
import type { ComputeAnswer } from '../compute/compute.service.js';
import { SERVER_ACTIONS, type ServerAction } from '../compute/server-actions.js';
import { BadRequest } from '../openstack/faults.js';
import { isUuid } from '../openstack/uuid.js';
import type { TrackedOptions } from '../tasks/tracked.options.js';

/** A request to the compute API, by its routes' parameters. */
export type ServerRequest = FastifyRequest<{ Params: { id?: string; subresource?: string } }>;

/** What `@Tracked()` needs to know of a task-enabled request of the compute API. */
export function trackedRequest(
  task: string | ((request: ServerRequest) => string),
): TrackedOptions<ComputeAnswer, ServerRequest> {
  return {
    task: typeof task === 'string' ? () => task : task,
    // Only what can be the id of a server is kept as one: a URL may hold anything.
    resource: ({ params: { id } }) => (id !== undefined && isUuid(id) ? { server: id } : null),
    outcome: (answer) => answer.outcome,
  };
}

/**
 * The action that the body of `POST /servers/{id}/action` names by its only key.
 *
 * @throws BadRequest in Nova's words when it names none; nothing is recorded then
 */
export function actionOf({ body }: ServerRequest): ServerAction {
  const keys = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : [];
  const [key] = keys;
  if (key === undefined || keys.length > 1) throw new BadRequest('Malformed request body');
  if (!Object.hasOwn(SERVER_ACTIONS, key)) throw new BadRequest(`There is no such action: ${key}`);
  return SERVER_ACTIONS[key] as ServerAction;
}
