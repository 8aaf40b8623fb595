import type { TrackedOptions } from './requests/tracked.options.js';

/** The most characters that the column of a task's name can hold. */
const LONGEST = 64;

/**
 * The name of the operation that a request performs.
 *
 * @throws Error for a name that not every database can store
 */
export function taskName(tracked: TrackedOptions<unknown>, request: unknown): string {
  return checkTaskName(
    typeof tracked.task === 'function' ? tracked.task(request) : tracked.task,
    'The option "task" of @Tracked() returned',
  );
}

/**
 * Checks the name of a task.
 *
 * @param given the start of the message, such as `The option "task" returned`
 * @throws Error for a name that not every database can store
 */
export function checkTaskName(name: unknown, given: string): string {
  if (typeof name !== 'string' || name === '')
    throw new Error(`${given} no name: it must be a text of 1 to 64 characters.`);
  if (name.length > LONGEST) {
    throw new Error(
      `${given} a name of more than ${LONGEST} characters. Name the operation, not the request.`,
    );
  }
  // PostgreSQL accepts no NUL in a text.
  if (name.includes('\0')) throw new Error(`${given} a name with a NUL in it.`);
  return name;
}
