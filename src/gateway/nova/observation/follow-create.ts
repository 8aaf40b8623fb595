import type { ObservedTask } from '../../../compute/compute.service.js';
import { createVerdict, buildVerdict, type Sibling } from './create-outcome.js';
import { type Look, lookLater, type Finding } from './look.js';
import { WHY_OPEN } from './why-open.js';

/** The outcome of an accepted create whose first server is known. */
export async function followCreate(task: ObservedTask, id: string, look: Look): Promise<Finding> {
  const view = await look.servers.last(id, task);
  const first: Sibling = { id, view };
  if (view === null && look.now - task.startTime < look.shortestMs)
    return lookLater(task, look, WHY_OPEN.building);
  if (buildVerdict(first, look.now + look.aheadMs).is === 'busy')
    return lookLater(task, look, WHY_OPEN.building);
  const others = await othersOf(first, task, look);
  if (others === null) return lookLater(task, look, WHY_OPEN.othersMissing);
  const siblings = [first, ...others];
  const verdict = createVerdict(siblings, look.now + look.aheadMs);
  const several = siblings.length > 1 ? { subjects: siblings.map((sibling) => sibling.id) } : {};
  if (verdict.is === 'busy') return { ...lookLater(task, look, WHY_OPEN.building), ...several };
  const told = { ...several, ...(await missingRequestId(task, id, look)) };
  return verdict.is === 'success'
    ? { state: 'success', ...told }
    : { state: 'failure', fault: verdict.fault, ...told };
}

/** A create that was found by its marker has a request id only once its server is scheduled. */
async function missingRequestId(
  { requestId }: ObservedTask,
  id: string,
  { queries }: Look,
): Promise<{ requestId?: string }> {
  if (requestId !== null) return {};
  const own = (await queries.actions(id)).find(({ action }) => action === 'create');
  return own === undefined ? {} : { requestId: own.requestId };
}

/** @returns `null` if some may be missing */
async function othersOf(
  { id, view }: Sibling,
  task: ObservedTask,
  { servers }: Look,
): Promise<Sibling[] | null> {
  if (view === null || view.reservationId === null) return [];
  const all = await servers.siblings(view, task.startTime);
  return all?.filter((other) => other.id !== id).map((other) => ({ id: other.id, view: other })) ?? null;
}
