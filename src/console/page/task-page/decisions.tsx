import { useState } from 'preact/hooks';
import { isAdmin, session } from '../session.js';
import { settings } from '../settings.js';
import type { Task } from '../task.js';
import { AbandonDialog } from './abandon.js';
import { ResolveDialog } from './resolve.js';

/** What people may decide about a task, where the server offers it: to give up its tag, or to end it. */
export function Decisions({ task, siblings, again }: { task: Task; siblings: Task[]; again: () => void }) {
  const [asked, setAsked] = useState<'abandon' | 'resolve' | null>(null);
  if (!settings.offersDecisions) return null;
  const { tag } = task;
  const close = () => setAsked(null);
  return (
    <>
      {tag !== null && mayBeAbandoned(task, siblings) && (
        <button type="button" onClick={() => setAsked('abandon')}>
          Abandon the tag
        </button>
      )}
      {task.state === 'unknown' && isAdmin.value && (
        <button type="button" onClick={() => setAsked('resolve')}>
          Resolve
        </button>
      )}
      {asked === 'abandon' && tag !== null && <AbandonDialog tag={tag} close={close} done={again} />}
      {asked === 'resolve' && <ResolveDialog uuid={task.uuid} close={close} done={again} />}
    </>
  );
}

/** Not if a request under the tag may have been accepted, nor twice, nor in another project. */
function mayBeAbandoned(task: Task, siblings: Task[]): boolean {
  const isOwn = task.project_id === session.value?.projectId;
  return isOwn && siblings.every(({ task: name, accepted }) => name !== 'abandon' && accepted === false);
}
