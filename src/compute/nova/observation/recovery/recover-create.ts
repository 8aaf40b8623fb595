import type { ObservedTask } from '../../../compute.service.js';
import { isUuid } from '../../../../openstack/uuid.js';
import type { ServerView } from '../../reader/nova-views.js';
import { MARKER_METADATA_KEY, markerTag } from '../../markers/marker.js';
import type { Outcome } from '../look.js';
import { stillOpen } from '../look.js';
import { byNumber, SKEW_MS } from '../server-views.js';
import { mayBeOf } from './match-actions.js';
import { unclaimed } from './recover-action.js';
import { adopted, ambiguous, notFound, type Recovery } from './recovery-context.js';

/** How long before a create the list of servers begins, in milliseconds: two clocks may differ. */
const BEFORE_MS = 60_000;

/** Servers that one search looks into; the list has the newest first. */
const MAX_CANDIDATES = 50;

/** Finds the servers of a create that no answer has named: by its marker, else by the actions that Nova keeps. */
export async function recoverCreate(task: ObservedTask, recovery: Recovery): Promise<Outcome> {
  const { queries, servers, now } = recovery.look;
  const markers = task.tag === null ? 'none' : recovery.markers;
  if (markers !== 'none') {
    const tagged = await queries.servers({ tags: [markerTag(task.uuid)] });
    if (tagged.servers.length > 0) return adopt(tagged.servers, recovery);
  }
  const since = task.startTime - BEFORE_MS;
  const recent = await servers.changed(task.projectId, since);
  const marked = recent.servers.filter(({ metadata }) => metadata[MARKER_METADATA_KEY] === task.uuid);
  if (marked.length > 0) return adopt(marked, recovery);
  const candidates = recent.servers.filter(
    (server) =>
      server.userId === task.userId &&
      server.createdAt >= task.startTime - SKEW_MS &&
      !hasMarker(server) &&
      // One that is alive would have the marker; tags go with their server.
      (markers !== 'all' || task.state === 'processing' || server.status === 'DELETED'),
  );
  const found = await byActions(candidates, task, recovery);
  if (found !== null) return found;
  // What was looked at is not all that there is: that is no proof of anything.
  const isWhole = recent.isComplete && candidates.length <= MAX_CANDIDATES;
  if (now >= recovery.deadlineOf(task) && (!isWhole || (await queries.hasCellDown())))
    return stillOpen(task, now + BEFORE_MS);
  return notFound(task, recovery);
}

/** @returns `null` when no action may be the task's */
async function byActions(
  candidates: ServerView[],
  task: ObservedTask,
  recovery: Recovery,
): Promise<Outcome | null> {
  const { queries } = recovery.look;
  const serversOf = new Map<string, ServerView[]>();
  for (const server of candidates.slice(0, MAX_CANDIDATES)) {
    const actions = (await queries.actions(server.id)).filter((action) => mayBeOf(task, action));
    const own = actions.filter(({ requestId }) => requestId === task.requestId);
    const free =
      own.length > 0 || task.state === 'processing'
        ? own
        : await unclaimed(actions, task.projectId, task.startTime - SKEW_MS, recovery);
    for (const { requestId } of free) serversOf.set(requestId, [...(serversOf.get(requestId) ?? []), server]);
  }
  const known = serversOf.get(task.requestId ?? '');
  if (known !== undefined) return adopt(known, recovery, task.requestId);
  const [first, ...more] = serversOf;
  if (first === undefined) return null;
  const [requestId, servers] = first;
  const rivals = await recovery.tasks.undecided(task);
  const isAlone = rivals.every(({ uuid }) => uuid === task.uuid);
  return more.length === 0 && isAlone
    ? adopt(servers, recovery, requestId)
    : ambiguous(task, recovery, [...serversOf.keys()]);
}

async function adopt(
  servers: ServerView[],
  recovery: Recovery,
  knownRequestId: string | null = null,
): Promise<Outcome> {
  const ordered = [...servers].sort(byNumber);
  const [first] = ordered as [ServerView];
  // The action is there only once the server has been scheduled.
  const actions = knownRequestId === null ? await recovery.look.queries.actions(first.id) : [];
  const requestId = knownRequestId ?? actions.find(({ action }) => action === 'create')?.requestId;
  return adopted(recovery, {
    resource: { server: first.id },
    servers: ordered.map(({ id }) => id),
    ...(requestId !== undefined && { requestId }),
  });
}

function hasMarker({ metadata, tags }: ServerView): boolean {
  const prefix = markerTag('');
  return (
    MARKER_METADATA_KEY in metadata ||
    tags.some((tag) => tag.startsWith(prefix) && isUuid(tag.slice(prefix.length)))
  );
}
