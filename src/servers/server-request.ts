import type { FastifyRequest } from 'fastify';
import type { ComputeAnswer } from '../compute/compute.service.js';
import { isUuid } from '../openstack/uuid.js';
import type { TrackedOptions } from '../tasks/requests/tracked.options.js';
import { duplicateTerms } from './duplicates/duplicates.guard.js';

/** A request to the compute API, by the parameters of its routes. */
export type ServerRequest = FastifyRequest<{ Params: { id?: string; subresource?: string } }>;

/** The facts about a task-enabled request of the compute API that `@Tracked()` needs. */
export function trackedRequest(
  task: string | ((request: ServerRequest) => string),
): TrackedOptions<ComputeAnswer, ServerRequest> {
  return {
    task: typeof task === 'string' ? () => task : task,
    // Only a possible server id is kept as one: a URL may hold anything.
    resource: ({ params: { id } }) => (id !== undefined && isUuid(id) ? { server: id } : null),
    outcome: (answer) => answer.outcome,
    duplicates: (request) => duplicateTerms(request).duplicates,
    answerAgain: (first, request) => duplicateTerms(request).answerAgain(first),
  };
}
