import { createVerdict, buildVerdict, type Sibling } from './create-outcome.js';
import { type FollowedTask, type Look, lookLater, type Outcome } from './look.js';

/** What became of an accepted create whose first server is known. */
export async function followCreate(task: FollowedTask, id: string, look: Look): Promise<Outcome> {
  const view = await look.servers.last(id, task.startTime);
  const first: Sibling = { id, view };
  if (view === null && look.now - task.startTime < look.shortestMs) return lookLater(task, look);
  if (buildVerdict(first).is === 'busy') return lookLater(task, look);
  const siblings = [first, ...(await others(first, task, look))];
  const verdict = createVerdict(siblings);
  const several = siblings.length > 1 ? { servers: siblings.map((sibling) => sibling.id) } : {};
  if (verdict.is === 'busy') return { ...lookLater(task, look), ...several };
  return verdict.is === 'success'
    ? { state: 'success', ...several }
    : { state: 'failure', fault: verdict.fault, ...several };
}

async function others({ id, view }: Sibling, task: FollowedTask, { servers }: Look): Promise<Sibling[]> {
  if (view?.reservationId == null) return [];
  const all = await servers.siblings(view.reservationId, task.startTime);
  return all.filter((other) => other.id !== id).map((other) => ({ id: other.id, view: other }));
}
