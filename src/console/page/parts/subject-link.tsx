import { settings } from '../settings.js';
import { subjectOf, type Task } from '../task.js';
import { linkTo } from '../words/link.js';

/** What a task is about: its kind and id, with a link where the operator has set one. */
export function SubjectLink({ task }: { task: Task }) {
  const subject = subjectOf(task);
  if (subject === null) return <span class="quiet">nothing yet</span>;
  const { kind, id } = subject;
  const address = linkTo(settings.links, kind, id);
  return (
    <>
      {kind}{' '}
      {address === null ? (
        <code>{id}</code>
      ) : (
        <a href={address} rel="noreferrer noopener">
          <code>{id}</code>
        </a>
      )}
    </>
  );
}
