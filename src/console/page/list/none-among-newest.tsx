import { useLive } from '../api/live.js';
import { tasksWithTag } from '../api/tasks.js';
import { type Filter, listHash } from '../view.js';
import { TaskTable } from './task-table.js';

/** Between two looks at a tag, in milliseconds. */
const EVERY_MS = 5000;

/** What is said of a search that finds too many tasks to look through them all, and none among the newest. */
export function NoneAmongNewest({ filter, next }: { filter: Filter; next: string }) {
  const { q } = filter;
  return (
    <>
      <div class="padded">
        <p>
          None of the newest tasks is meant, and there are older ones that were not looked through.{' '}
          {q !== '' && 'Too many begin with the same text: search for more of it.'}
        </p>
        <p>
          <a href={listHash(filter, next)}>Look through older ones</a>
        </p>
      </div>
      {q !== '' && <WholeTag tag={q} all={filter.all} />}
    </>
  );
}

/** The text may be a whole tag, whose tasks are found at once. */
function WholeTag({ tag, all }: { tag: string; all: boolean }) {
  const { latest } = useLive(
    `whole tag ${String(all)} ${tag}`,
    (signal) => tasksWithTag(tag, all, signal),
    () => EVERY_MS,
  );
  if (latest === null) return null;
  if (latest.length === 0) return <p class="quiet padded">“{tag}” alone is no tag of a task.</p>;
  return (
    <>
      <p class="padded">Whose whole tag is “{tag}”:</p>
      <TaskTable tasks={latest} all={all} />
    </>
  );
}
