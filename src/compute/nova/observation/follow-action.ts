import type { ObservedTask } from '../../compute.service.js';
import type { MigrationView, ServerView } from '../reader/nova-views.js';
import { actionVerdict } from './action-outcome.js';
import { isDoneWhenAccepted, ruleOf } from './action-table.js';
import { deleteVerdict, isBeingDeleted, isDeleted } from './delete-outcome.js';
import { type Look, lookLater, type Outcome } from './look.js';
import { SKEW_MS } from './server-views.js';
import { BUSY, failure, SUCCESS, type Verdict } from './verdict.js';

/** The time in which a task begins, in milliseconds: while its server is at work then, nothing more is asked. */
const YOUNG_MS = 60_000;

/** Nova's first version in which the event of a snapshot ends before the snapshot (2026.1). */
const SNAPSHOT_IN_BACKGROUND = 101;

/** How much later a reboot that went wrong is known by its notification, in milliseconds. */
const REBOOT_NEWS_MS = 2000;

/** What the observer knows beside Nova's data. */
export interface FollowOptions {
  /** The minor number of Nova's highest microversion. */
  maxMicroversion: number;
  hasNotifications: boolean;
}

/** What became of an accepted request on a server. */
export async function followAction(
  task: ObservedTask,
  serverId: string,
  look: Look,
  options: FollowOptions,
): Promise<Outcome> {
  const verdict = await verdictOf(task, serverId, look, options);
  if (verdict.is === 'busy') return lookLater(task, look);
  return verdict.is === 'success' ? { state: 'success' } : { state: 'failure', fault: verdict.fault };
}

async function verdictOf(
  task: ObservedTask,
  serverId: string,
  look: Look,
  options: FollowOptions,
): Promise<Verdict> {
  const { queries, servers, now } = look;
  const { startTime, requestId } = task;
  if (isDoneWhenAccepted(task.task)) return SUCCESS;
  const server = await servers.alive(serverId, startTime);
  if (task.task === 'delete') {
    if (isDeleted(server) || (server !== null && isBeingDeleted(server) && now - startTime < YOUNG_MS))
      return deleteVerdict(server, null, { now, startTime });
  } else if (server !== null && isStillAt(task, server, now)) {
    return BUSY;
  }
  const action = requestId === null ? null : await queries.action(serverId, requestId);
  if (task.task === 'delete') return deleteVerdict(server, action, { now, startTime });
  const rebootDelayMs = options.hasNotifications ? REBOOT_NEWS_MS : 0;
  const verdict = actionVerdict({ task: task.task, startTime, server, action, now, rebootDelayMs });
  const isIdle = server !== null && server.taskState === null;
  if (task.task === 'live-migration' && verdict.is === 'busy' && isIdle && action !== null)
    return migrationVerdict(await queries.migrations(serverId), action.startTime);
  const image = task.resource?.['image'];
  if (task.task === 'createImage' && verdict.is === 'success' && image !== undefined) {
    if (options.maxMicroversion < SNAPSHOT_IN_BACKGROUND) return verdict;
    if (!isIdle && server !== null) return BUSY;
    return imageVerdict(await queries.imageStatus(image));
  }
  return verdict;
}

/** Whether a server can only be at work at a task: it is busy, and nothing of it has changed since it began. */
function isStillAt({ task, startTime }: ObservedTask, server: ServerView, now: number): boolean {
  const rule = ruleOf(task);
  if (server.taskState === null || rule === null || rule.showsTaskState === false) return false;
  return now - startTime < YOUNG_MS || server.updatedAt < startTime + YOUNG_MS;
}

/** How a live migration has ended whose last step was not written down. */
export function migrationVerdict(migrations: readonly MigrationView[], actionStart: number): Verdict {
  const own = migrations.find(
    ({ type, createdAt }) => type === 'live-migration' && createdAt >= actionStart - SKEW_MS,
  );
  switch (own?.status) {
    case 'completed':
      return SUCCESS;
    case 'error':
    case 'failed':
    case 'cancelled':
      return failure(`The live migration ended as "${own.status}".`);
    default:
      return BUSY;
  }
}

/** How a snapshot has ended, by its image, once its server is at rest; `null`: Nova has removed the image. */
export function imageVerdict(status: string | null): Verdict {
  if (status === 'ACTIVE') return SUCCESS;
  if (status === null || status === 'DELETED' || status === 'ERROR')
    return failure('The image was not made.');
  return BUSY;
}
