import { StateBadge } from '../parts/state-badge.js';
import { When } from '../parts/when.js';
import { subjectOf, type Task } from '../task.js';
import { hashOf } from '../view.js';
import { durationText } from '../words/time.js';

/**
 * Tasks as a table; each leads to its page. The roles are those of the elements, which browsers forget where the
 * style of narrow screens lays out the rows in another way.
 */
export function TaskTable({ tasks, all, current }: { tasks: Task[]; all: boolean; current?: string }) {
  return (
    <table role="table">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col" class="state">
            State
          </th>
          <th role="columnheader" scope="col">
            Request
          </th>
          <th role="columnheader" scope="col" class="who-cell wide-only">
            User
          </th>
          {all && (
            <th role="columnheader" scope="col" class="who-cell wide-only">
              Project
            </th>
          )}
          <th role="columnheader" scope="col" class="time">
            Recorded
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {tasks.map((task) => (
          <tr role="row" key={task.uuid} aria-current={task.uuid === current ? 'true' : undefined}>
            <td role="cell" class="state">
              <StateBadge state={task.state} />
            </td>
            <td role="cell" class="request">
              <Request task={task} all={all} isCurrent={task.uuid === current} />
            </td>
            <td role="cell" class="who-cell wide-only">
              {task.user_id}
            </td>
            {all && (
              <td role="cell" class="who-cell wide-only">
                {task.project_id}
              </td>
            )}
            <td role="cell" class="time">
              <When at={task.start_time} />
              <Took task={task} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The action and its tag, and below them what it is about or why it failed. */
function Request({ task, all, isCurrent }: { task: Task; all: boolean; isCurrent: boolean }) {
  const subject = subjectOf(task);
  const name = (
    <>
      <span class="action">{task.task}</span>{' '}
      {task.tag === null ? <span class="quiet">without a tag</span> : <span class="tag">{task.tag}</span>}
    </>
  );
  return (
    <>
      {isCurrent ? <b>{name}</b> : <a href={hashOf({ name: 'task', uuid: task.uuid, all })}>{name}</a>}
      <span class="below">
        {task.fault !== null ? (
          <span class="fault">{task.fault.message}</span>
        ) : (
          subject !== null && (
            <>
              {subject.kind} <code>{subject.id}</code>
            </>
          )
        )}
      </span>
    </>
  );
}

/** How long it took, if the server says when it ended. */
function Took({ task }: { task: Task }) {
  const end = Date.parse(task.ended_at ?? '');
  if (Number.isNaN(end)) return null;
  return <span class="below">took {durationText(end - Date.parse(task.start_time))}</span>;
}
