import type { Task as RecordedTask, TaskState } from '../../client/task.js';

export type { TaskState };

/** What is known of a task's way. A server of another version may not tell it. */
interface Way {
  sent_at: string | null;
  answered_at: string | null;
  ended_at: string | null;
  expires_at: string | null;
  duplicates: { refused: number; answered: number; last_at: string | null };
  observation: { at: string; why: string; next_at: string | null } | null;
}

/** A task as the API shows it. */
export type Task = Omit<RecordedTask, keyof Way> & Partial<Way>;

/** The states in the order in which people ask for them: what needs a look comes first. */
export const STATES: readonly TaskState[] = ['unknown', 'pending', 'processing', 'failure', 'success'];

/** The id of what a task is about, and its kind; `null` as long as there is none. */
export function subjectOf({ resource }: Task): { kind: string; id: string } | null {
  const [first] = Object.entries(resource);
  return first === undefined ? null : { kind: first[0], id: first[1] };
}
