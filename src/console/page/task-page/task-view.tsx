import { useEffect } from 'preact/hooks';
import { useLive } from '../api/live.js';
import { showTask, tasksOfTag } from '../api/tasks.js';
import { TaskTable } from '../list/task-table.js';
import { lastList } from '../navigation.js';
import { CopyCurl } from '../parts/copy-curl.js';
import { Problem } from '../parts/problem.js';
import { StateBadge } from '../parts/state-badge.js';
import { settings } from '../settings.js';
import type { Task } from '../task.js';
import { listHash } from '../view.js';
import { verdictOf } from '../words/verdict.js';
import { Decisions } from './decisions.js';
import { Facts } from './facts.js';
import { Timeline } from './timeline.js';
import { WhyOpen } from './why-open.js';

/** Between two looks at a task, in milliseconds. */
const OPEN_MS = 2000;
const ENDED_MS = 5000;

interface Found {
  task: Task;
  /** All under its tag. */
  siblings: Task[];
}

/** One task: how it stands, its way, and what else its tag stands for. */
export function TaskView({ uuid, all }: { uuid: string; all: boolean }) {
  const load = async (signal: AbortSignal): Promise<Found> => {
    const task = await showTask(uuid, all, signal);
    const { tag } = task;
    return { task, siblings: tag === null ? [] : await tasksOfTag({ ...task, tag }, all, signal) };
  };
  const { latest, refusal, again } = useLive(uuid, load, ({ task }) => (task.ended ? ENDED_MS : OPEN_MS));
  const title = latest === null ? 'Task' : `${latest.task.task} ${latest.task.tag ?? ''}`.trim();
  useEffect(() => {
    document.title = `${title} – Tasks`;
  }, [title]);

  return (
    <>
      <p class="back">
        <a href={lastList.value}>← All tasks</a>
      </p>
      <h1 tabIndex={-1}>
        {latest === null ? (
          'Task'
        ) : (
          <>
            <span class="action">{latest.task.task}</span>{' '}
            {latest.task.tag ?? <span class="quiet">without a tag</span>}
          </>
        )}
      </h1>
      <Problem>{refusal}</Problem>
      {latest === null && refusal === null && <p class="quiet">Loading …</p>}
      {latest !== null && <Shown {...latest} all={all} again={again} />}
    </>
  );
}

function Shown({ task, siblings, all, again }: Found & { all: boolean; again: () => void }) {
  return (
    <>
      <p class="verdict" role="status">
        <StateBadge state={task.state} /> {verdictOf(task)}
      </p>
      {!task.ended && <WhyOpen task={task} again={again} />}
      {task.fault !== null && (
        <section class="card padded is-failure">
          <h2>What went wrong</h2>
          <p class="said">{task.fault.message}</p>
          <p class="quiet">as HTTP status {task.fault.code}</p>
        </section>
      )}
      <div class="columns">
        <section class="card padded">
          <h2>Timeline</h2>
          <Timeline task={task} />
        </section>
        <section class="card padded">
          <h2>Facts</h2>
          <Facts task={task} all={all} />
        </section>
      </div>
      {task.tag !== null && siblings.length > 1 && (
        <section class="card">
          <h2 class="padded">
            All under this tag{' '}
            <a class="more" href={listHash({ q: task.tag, all })}>
              in the list
            </a>
          </h2>
          <TaskTable tasks={siblings} all={all} current={task.uuid} />
        </section>
      )}
      <div class="buttons">
        <CopyCurl url={() => `${settings.tasks}/${task.uuid}`} />
        <Decisions task={task} siblings={siblings} again={again} />
      </div>
      <details class="raw">
        <summary>As the API gives it</summary>
        <pre tabIndex={0}>{JSON.stringify(task, null, 2)}</pre>
      </details>
    </>
  );
}
