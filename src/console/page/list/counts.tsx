import type { TaskPage } from '../api/tasks.js';
import { STATES, type TaskState } from '../task.js';
import { type Filter, listHash } from '../view.js';

/** How many tasks there are by state; each state is a filter too. */
export function Counts({ filter, page }: { filter: Filter; page: TaskPage | null }) {
  const { states } = filter;
  const counts = page?.counts ?? null;
  return (
    <nav class="counts" aria-label="States">
      <a href={listHash({ ...filter, states: [] })} aria-current={states.length === 0 ? 'true' : undefined}>
        all
      </a>
      {STATES.map((state) => (
        <a
          key={state}
          href={listHash({ ...filter, states: toggled(states, state) })}
          aria-current={states.includes(state) ? 'true' : undefined}
          class={`is-${state}`}
        >
          <span class="dot" aria-hidden="true" />
          {state}
          {counts !== null && (
            <span class="count">{countText(counts[state] ?? 0, page?.countsLimit ?? Infinity)}</span>
          )}
        </a>
      ))}
    </nav>
  );
}

function toggled(states: readonly TaskState[], state: TaskState): TaskState[] {
  return states.includes(state) ? states.filter((other) => other !== state) : [...states, state];
}

/** No count goes further than the limit, at which there may be more. */
function countText(count: number, limit: number): string {
  return count >= limit ? `${limit.toLocaleString('en')}+` : count.toLocaleString('en');
}
