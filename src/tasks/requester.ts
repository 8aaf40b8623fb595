import type { Requester, TasksOptions } from './tasks.options.js';

/**
 * Who sent a request.
 *
 * @throws Error when the host does not know: a requester without a project would share its tags with all others that
 *   have none, and be shown the tasks of everybody
 */
export function requesterOf<Request>(options: TasksOptions<Request>, request: Request): Requester {
  const requester = options.requester(request);
  if (typeof requester.projectId !== 'string' || requester.projectId === '') {
    throw new Error("The tasks module's requester gave no projectId: who sends the request must be known.");
  }
  return requester;
}
