import type { TaskState } from '../task.js';

/** A state in words, with its colour. */
export function StateBadge({ state }: { state: TaskState }) {
  return <span class={`badge is-${state}`}>{state}</span>;
}
