import type { ComponentChildren } from 'preact';
import { SubjectLink } from '../parts/subject-link.js';
import { When } from '../parts/when.js';
import type { Task } from '../task.js';
import { listHash } from '../view.js';

/** What else is known of a task. */
export function Facts({ task, all }: { task: Task; all: boolean }) {
  const search = (q: string) => <a href={listHash({ q, all })}>{q}</a>;
  return (
    <dl class="facts">
      <Fact name="About">
        <SubjectLink task={task} />
      </Fact>
      <Fact name="Tag">{task.tag === null ? '–' : search(task.tag)}</Fact>
      <Fact name="User">{search(task.user_id)}</Fact>
      <Fact name="Project">{task.project_id}</Fact>
      <Fact name="Task id">
        <code>{task.uuid}</code>
      </Fact>
      {task.request_id !== null && (
        <Fact name="Request id">
          <code>{search(task.request_id)}</code>
        </Fact>
      )}
      <Fact name="Recorded">
        <When at={task.start_time} full />
      </Fact>
      <Fact name="Updated">
        <When at={task.last_updated} full />
      </Fact>
      {task.expires_at && (
        <Fact name="Kept until">
          <When at={task.expires_at} full />
        </Fact>
      )}
      {task.resolved !== null && (
        <Fact name="Decided by">
          {task.resolved.by}, <When at={task.resolved.at} />
          {task.resolved.reason !== null && <>: {task.resolved.reason}</>}
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
