import type { ObservedTask } from '../../../../compute/compute.service.js';
import { isUuid } from '../../../../openstack/uuid.js';
import { MARKER_METADATA_KEY, markerTag, MAX_METADATA } from '../../markers/marker.js';
import type { NovaQueries } from '../../reader/nova-queries.js';
import type { ServerView } from '../../reader/nova-views.js';
import type { Finding } from '../look.js';
import { stillOpen } from '../look.js';
import { byNumber } from '../server-views.js';
import { WHY_OPEN } from '../why-open.js';
import type { ForeignServers } from './foreign-servers.js';
import { mayBeOf } from './match-actions.js';
import { adopted, ambiguous, ambiguousServers, notFound, type Recovery } from './recovery-context.js';

/** How long before a create the list of servers begins, in milliseconds: two clocks may differ. */
const BEFORE_MS = 60_000;

/** The most servers that one search examines; the list has the newest first. */
const MAX_CANDIDATES = 50;

/** Finds the servers of a create whose answer named none: by its marker, or by the actions that Nova keeps. */
export async function recoverCreate(task: ObservedTask, recovery: Recovery): Promise<Finding> {
  const { queries, servers, now } = recovery.look;
  const markers = task.isMarked ? recovery.markers : 'none';
  if (markers !== 'none') {
    const { projectId } = task;
    const tagged = await queries.servers({ projectId, tags: [markerTag(task.uuid)] });
    if (tagged.servers.length > 0) return adopt(tagged.servers, recovery);
  }
  const recent = await servers.changed(task.projectId, task.startTime - BEFORE_MS - recovery.look.skewMs);
  const marked = recent.servers.filter(({ metadata }) => metadata[MARKER_METADATA_KEY] === task.uuid);
  if (marked.length > 0) return adopt(marked, recovery);
  const candidates = await candidatesFor(task, recent.servers, markers, recovery);
  const { serversOf, unscheduled } = await requestsOf(candidates.slice(0, MAX_CANDIDATES), task, recovery);
  const found = await byActions(serversOf, task, markers, recovery);
  if (found !== null) return found;
  if (now >= recovery.deadlineOf(task)) {
    // The list was incomplete, so it proves nothing.
    const isWhole = recent.isComplete && candidates.length <= MAX_CANDIDATES;
    const isWaiting = unscheduled.some(({ status }) => status === 'BUILD');
    if (!isWhole || isWaiting || (await queries.hasCellDown())) {
      return stillOpen(task, now + BEFORE_MS, WHY_OPEN.notComplete);
    }
  }
  const ids = unscheduled.map(({ id }) => id);
  return ids.length > 0 ? ambiguousServers(task, recovery, ids) : notFound(task, recovery);
}

/** Servers without a marker that may come from a create, oldest first; without those that belong to a known task. */
async function candidatesFor(
  task: ObservedTask,
  recent: ServerView[],
  markers: Recovery['markers'],
  { look, tasks, foreign, deadlineOf }: Recovery,
): Promise<ServerView[]> {
  const until = deadlineOf(task) + look.skewMs;
  const candidates = recent.filter(
    (server) =>
      server.userId === task.userId &&
      server.createdAt >= task.startTime - look.skewMs &&
      server.createdAt <= until &&
      !hasMarker(server) &&
      !foreign.isOfAnother(server.id, task.uuid),
  );
  const possible =
    markers === 'all' && task.state !== 'processing'
      ? await unmarkedOf(candidates, task, look.queries, foreign)
      : candidates;
  const known = await tasks.serversOfTasks(
    task.projectId,
    possible.map(({ id }) => id),
  );
  return possible.filter(({ id }) => !known.has(id)).sort((one, other) => one.createdAt - other.createdAt);
}

/** Servers without a marker that may come from a create with one. */
async function unmarkedOf(
  servers: ServerView[],
  { projectId, userId }: ObservedTask,
  queries: NovaQueries,
  foreign: ForeignServers,
): Promise<ServerView[]> {
  // Tags are deleted with their server.
  const isDeleted = ({ status }: ServerView) => status === 'DELETED';
  const unknown = servers.filter(({ id }) => !foreign.wasUnmarked(id));
  if (unknown.every(isDeleted)) return unknown;
  // A living server has its marker, if there was room.
  const room = Math.min(MAX_METADATA, await queries.metadataQuota(projectId, userId));
  return unknown.filter((server) => {
    if (isDeleted(server) || Object.keys(server.metadata).length >= room) return true;
    // Nova records tags before it has the server built, but not before it is visible.
    if (server.isLaunched) foreign.sawUnmarked(server.id);
    return false;
  });
}

/** Requests without a task that have made some of the servers, and servers whose request Nova does not show yet. */
async function requestsOf(
  candidates: ServerView[],
  task: ObservedTask,
  { look, tasks }: Recovery,
): Promise<{ serversOf: Map<string, ServerView[]>; unscheduled: ServerView[] }> {
  const serversOf = new Map<string, ServerView[]>();
  const unscheduled: ServerView[] = [];
  for (const server of candidates) {
    const all = await look.queries.actions(server.id);
    // Nova records the action when it has found a host, or failed to find one.
    if (!all.some(({ action }) => action === 'create')) unscheduled.push(server);
    const actions = all.filter((action) => mayBeOf(task, action, look.skewMs));
    for (const { requestId } of actions)
      serversOf.set(requestId, [...(serversOf.get(requestId) ?? []), server]);
  }
  const since = task.startTime - look.skewMs;
  const ofTasks = await tasks.requestIdsOfTasks({ projectId: task.projectId, since }, [...serversOf.keys()]);
  for (const requestId of serversOf.keys()) {
    // An id that the task has is Nova's own: then no other one counts.
    const isOther = task.requestId === null ? ofTasks.has(requestId) : requestId !== task.requestId;
    if (isOther || (task.requestId === null && task.state === 'processing')) serversOf.delete(requestId);
  }
  return { serversOf, unscheduled };
}

/** @returns `null` if no action can belong to the task */
async function byActions(
  serversOf: Map<string, ServerView[]>,
  task: ObservedTask,
  markers: Recovery['markers'],
  recovery: Recovery,
): Promise<Finding | null> {
  const [first, ...more] = serversOf;
  if (first === undefined) return null;
  const [requestId, servers] = first;
  if (requestId === task.requestId) return adopt(servers, recovery, requestId);
  const rivals = await recovery.tasks.undecided(task);
  const isAlone = rivals.every((rival) => rival.uuid === task.uuid || rival.requestId !== null);
  // If it was the task's, it had a marker; nothing shows any more whether it did.
  const isAnyones = markers === 'all' && servers.every((server) => isForgotten(server, task, recovery));
  return more.length === 0 && isAlone && !isAnyones
    ? adopt(servers, recovery, requestId)
    : ambiguous(task, recovery, [...serversOf.keys()]);
}

/** Whether a server is gone, with its tags, and no notification has named its task. */
function isForgotten({ id, status }: ServerView, task: ObservedTask, { foreign }: Recovery): boolean {
  return status === 'DELETED' && !foreign.isOf(id, task.uuid);
}

async function adopt(
  servers: ServerView[],
  recovery: Recovery,
  knownRequestId: string | null = null,
): Promise<Finding> {
  const ordered = [...servers].sort(byNumber);
  const [first] = ordered as [ServerView];
  // The action exists only once the server has been scheduled.
  const actions = knownRequestId === null ? await recovery.look.queries.actions(first.id) : [];
  const requestId = knownRequestId ?? actions.find(({ action }) => action === 'create')?.requestId;
  return adopted(recovery, {
    resource: { server: first.id, ...reservationOf(ordered, knownRequestId !== null) },
    subjects: ordered.map(({ id }) => id),
    ...(requestId !== undefined && { requestId }),
  });
}

/** The reservation of a create of several servers, or of one that was answered with it and not with a server. */
function reservationOf(servers: ServerView[], isAnswered: boolean): { reservation?: string } {
  const id = servers[0]?.reservationId ?? null;
  return id !== null && (isAnswered || servers.length > 1) ? { reservation: id } : {};
}

function hasMarker({ metadata, tags }: ServerView): boolean {
  const prefix = markerTag('');
  return (
    MARKER_METADATA_KEY in metadata ||
    tags.some((tag) => tag.startsWith(prefix) && isUuid(tag.slice(prefix.length)))
  );
}
