import type { Requester, TasksOptions } from '../../tasks.options.js';

/** The most characters that the columns of a task can hold. */
const LONGEST = 64;

/**
 * The tenant and the user who sent a request.
 *
 * @throws Error when the host does not know: a requester without a project would share its tags with all others without
 *   one, and see everybody's tasks
 */
export function requesterOf<Request>(
  { requester }: Pick<TasksOptions<Request>, 'requester'>,
  request: Request,
): Requester | Promise<Requester> {
  const found = ask(requester, request);
  return isLater(found) ? Promise.resolve(found).then(checked, fail) : checked(found);
}

/** A promise of any kind: a host may have one of its own. */
function isLater<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as Partial<PromiseLike<T>> | null | undefined)?.then === 'function';
}

function checked(found: Requester | null | undefined): Requester {
  if (found == null) throw new Error(`TasksModule's requester returned nothing. ${GUARD}`);
  return checkRequester(found, "TasksModule's requester returned");
}

const GUARD = 'Does a guard of this handler find out who sends the request, before that?';

function ask<Request>(
  requester: TasksOptions<Request>['requester'],
  request: Request,
): Requester | Promise<Requester> {
  try {
    return requester(request);
  } catch (error) {
    return fail(error);
  }
}

/** @throws the requester's error; for one of a property that is not there, an error that says what may be missing */
function fail(error: unknown): never {
  if (!(error instanceof TypeError)) throw error;
  throw new Error(`TasksModule's requester failed: ${error.message}. ${GUARD}`, { cause: error });
}

/**
 * Checks who sent a request.
 *
 * @param given the start of the message, such as `The requester returned`
 * @throws Error for a missing or invalid id
 */
export function checkRequester(requester: Requester, given: string): Requester {
  const { projectId, userId } = requester;
  if (typeof projectId !== 'string' || projectId === '')
    throw new Error(`${given} no projectId: the sender of a request must be known.`);
  // MariaDB and MySQL ignore blanks at the end when they compare texts.
  if (projectId.trim() !== projectId) {
    throw new Error(
      `${given} a projectId that begins or ends with white space. Remove it if two tenants cannot become one by that, ` +
        'or use a hash.',
    );
  }
  if (typeof userId !== 'string') throw new Error(`${given} no userId.`);
  if (projectId.length > LONGEST || userId.length > LONGEST)
    throw new Error(`${given} an id of more than ${LONGEST} characters. Use a shorter one, such as a hash.`);
  return { projectId, userId };
}
