import type { Tag } from '../tag.js';
import type { TaskFilter } from '../task.filter.js';

/** The tasks of a tag or of a subject, in one project; of one name only, if `task` is given. */
export type TasksOf = { projectId: string; task?: string } & ({ tag: Tag } | { subject: string });

/**
 * What a wait is for.
 *
 * - `all ended`: all tasks have ended of the first of some groups that has any
 * - `ended`: one task has ended
 * - `decided`: it is known whether one task's request was accepted
 */
export type Awaited =
  { until: 'all ended'; of: readonly TasksOf[] } | { until: 'ended' | 'decided'; uuid: string };

/** The tasks to wait for that a look-up is about: those of its tag, or else of its subject. */
export function groupsOf({ projectId, tag, subject, task }: TaskFilter): TasksOf[] {
  if (projectId === null) return [];
  const common = { projectId, ...(task !== undefined && { task }) };
  if (tag !== undefined) return [{ ...common, tag }];
  return subject === undefined ? [] : [{ ...common, subject }];
}

/** Equal for waits that are for the same thing. */
export function keyOf(awaited: Awaited): string {
  if (awaited.until !== 'all ended') return `${awaited.until} ${awaited.uuid}`;
  return awaited.of
    .map((group) =>
      JSON.stringify([
        'tag' in group,
        group.projectId,
        'tag' in group ? group.tag : group.subject,
        group.task,
      ]),
    )
    .join();
}
