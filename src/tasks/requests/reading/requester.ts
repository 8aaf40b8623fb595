import type { Requester, TasksOptions } from '../../tasks.options.js';

/** The most characters that the columns of a task can hold. */
const LONGEST = 64;

/**
 * The tenant and the user who sent a request.
 *
 * @throws Error when the host does not know: a requester without a project would share its tags with all others without
 *   one, and see everybody's tasks
 */
export async function requesterOf<Request>(
  options: TasksOptions<Request>,
  request: Request,
): Promise<Requester> {
  const { projectId, userId } = await options.requester(request);
  if (typeof projectId !== 'string' || projectId === '') {
    throw new Error(
      "The tasks module's requester returned no projectId: the sender of a request must be known.",
    );
  }
  // MariaDB and MySQL ignore blanks at the end when they compare texts.
  if (projectId.trim() !== projectId) {
    throw new Error(
      "The tasks module's requester returned a projectId that begins or ends with white space. Remove it if two " +
        'tenants cannot become one by that, or use a hash.',
    );
  }
  if (typeof userId !== 'string') throw new Error("The tasks module's requester returned no userId.");
  if (projectId.length > LONGEST || userId.length > LONGEST) {
    throw new Error(
      `The tasks module's requester returned an id of more than ${LONGEST} characters. Use a shorter one, such as a hash.`,
    );
  }
  return { projectId, userId };
}
