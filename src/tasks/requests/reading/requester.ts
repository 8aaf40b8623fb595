import type { Requester, TasksOptions } from '../../tasks.options.js';

/** The characters that the columns of a task take. */
const LONGEST = 64;

/**
 * The tenant and the user who sent a request.
 *
 * @throws Error when the host does not know: a requester without a project would share its tags with all others that
 *   have none, and be shown the tasks of everybody
 */
export async function requesterOf<Request>(
  options: TasksOptions<Request>,
  request: Request,
): Promise<Requester> {
  const { projectId, userId } = await options.requester(request);
  if (typeof projectId !== 'string' || projectId === '') {
    throw new Error("The tasks module's requester gave no projectId: who sends the request must be known.");
  }
  // MariaDB and MySQL compare texts without the blanks at their end.
  if (projectId.trim() !== projectId) {
    throw new Error(
      "The tasks module's requester gave a projectId that begins or ends with white space. Take it off where two " +
        'tenants cannot become one by it, or take a hash.',
    );
  }
  if (typeof userId !== 'string') throw new Error("The tasks module's requester gave no userId.");
  if (projectId.length > LONGEST || userId.length > LONGEST) {
    throw new Error(
      `The tasks module's requester gave an id of more than ${LONGEST} characters. Take a shorter one, such as a hash.`,
    );
  }
  return { projectId, userId };
}
