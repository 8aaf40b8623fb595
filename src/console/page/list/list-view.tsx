import { useEffect } from 'preact/hooks';
import { useLive } from '../api/live.js';
import { listTasks } from '../api/tasks.js';
import { serverTime } from '../clock.js';
import { CopyCurl } from '../parts/copy-curl.js';
import { Problem } from '../parts/problem.js';
import { settings } from '../settings.js';
import { type Filter, hashOf, listHash, queryOf } from '../view.js';
import { Counts } from './counts.js';
import { EmptyList } from './empty-list.js';
import { ExportTasks } from './export-tasks.js';
import { Filters } from './filters.js';
import { NoneAmongNewest } from './none-among-newest.js';
import { SearchBox } from './search-box.js';
import { TaskTable } from './task-table.js';

const PAGE_LENGTH = 50;

/** Between two looks at the list, in milliseconds. */
const EVERY_MS = 5000;

/** Tasks by search and filters, newest first. */
export function ListView({ filter, marker }: { filter: Filter; marker: string | null }) {
  const key = hashOf({ name: 'list', filter, marker });
  const { latest, isStale, refusal, again } = useLive(
    key,
    (signal) => listTasks({ filter, marker, limit: PAGE_LENGTH, withCounts: true }, signal),
    () => EVERY_MS,
  );
  useEffect(() => {
    document.title = filter.q === '' ? 'Tasks' : `${filter.q} – Tasks`;
  }, [filter.q]);

  return (
    <>
      <h1 tabIndex={-1}>Tasks</h1>
      <SearchBox filter={filter} />
      <Counts filter={filter} page={latest} />
      <Filters filter={filter} />
      <Problem>{refusal}</Problem>
      <section aria-label="Tasks found" aria-busy={latest === null || isStale} class="card">
        {latest === null ? (
          <p class="quiet padded">{refusal === null ? 'Loading …' : 'Nothing to show.'}</p>
        ) : latest.tasks.length === 0 && latest.next !== null ? (
          <NoneAmongNewest filter={filter} next={latest.next} />
        ) : latest.tasks.length === 0 ? (
          <EmptyList filter={filter} isFirst={marker === null} isStale={isStale} again={again} />
        ) : (
          <TaskTable tasks={latest.tasks} all={filter.all} />
        )}
      </section>
      <p role="status" class="sr-only">
        {latest !== null && !isStale && spoken(latest.tasks.length, latest.next !== null)}
      </p>
      <nav class="buttons pages" aria-label="Pages">
        {marker !== null && (
          <a class="button" href={listHash(filter)}>
            Newest
          </a>
        )}
        {latest?.next && (
          <a class="button" href={listHash(filter, latest.next)}>
            Older
          </a>
        )}
        <span class="grow" />
        <CopyCurl url={() => `${settings.tasks}?${queryOf(filter, serverTime())}`} />
        <ExportTasks filter={filter} />
      </nav>
    </>
  );
}

function spoken(length: number, hasMore: boolean): string {
  if (length === 0) return hasMore ? 'No task found among the newest ones.' : 'No task found.';
  return `${length} ${length === 1 ? 'task' : 'tasks'} shown${hasMore ? ', and there are more' : ''}.`;
}
