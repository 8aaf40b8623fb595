import type { TrackedOptions } from './requests/tracked.options.js';

/** What the column of a task's name takes. */
const LONGEST = 64;

/**
 * The name of what a request does.
 *
 * @throws Error for one that cannot be stored alike in every database
 */
export function taskName(tracked: TrackedOptions<unknown>, request: unknown): string {
  const name: unknown = tracked.task(request);
  if (typeof name !== 'string' || name === '') {
    throw new Error('The option "task" of @Tracked() gave no name: a text of 1 to 64 characters is needed.');
  }
  if (name.length > LONGEST) {
    throw new Error(
      `The option "task" of @Tracked() gave a name of more than ${LONGEST} characters. Name what is done, and not the request.`,
    );
  }
  // PostgreSQL takes no NUL in a text.
  if (name.includes('\0')) throw new Error('The option "task" of @Tracked() gave a name with a NUL in it.');
  return name;
}
