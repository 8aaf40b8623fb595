import { endingOf, endsWithoutEvent } from '../../../compute/actions/nova-actions.js';
import type { ObservedTask } from '../../../compute/compute.service.js';
import type { MigrationView, ServerView } from '../reader/nova-views.js';
import { actionVerdict } from './action-outcome.js';
import { deleteVerdict, isBeingDeleted, isDeleted } from './delete-outcome.js';
import { imageVerdict } from './image-outcome.js';
import { lastSign } from './last-sign.js';
import { type Look, lookLater, type Finding } from './look.js';
import { WHY_OPEN } from './why-open.js';
import { BUSY, failure, SUCCESS, type Verdict } from './verdict.js';

/** The time in which a task begins, in milliseconds: while its server is working then, nothing more is asked. */
const YOUNG_MS = 60_000;

/** How long the notification of a failed reboot may take, in milliseconds. */
const REBOOT_NEWS_MS = 2000;

/** The observer's knowledge besides Nova's data. */
export interface FollowOptions {
  /** The minor number of Nova's highest microversion. */
  maxMicroversion: number;
  hasNotifications: boolean;
}

/** The outcome of an accepted request on a server. */
export async function followAction(
  task: ObservedTask,
  serverId: string,
  look: Look,
  options: FollowOptions,
): Promise<Finding> {
  const verdict = await verdictOf(task, serverId, look, options);
  if (verdict.is === 'busy') return lookLater(task, look, WHY_OPEN.working);
  return verdict.is === 'success' ? { state: 'success' } : { state: 'failure', fault: verdict.fault };
}

async function verdictOf(
  task: ObservedTask,
  serverId: string,
  look: Look,
  options: FollowOptions,
): Promise<Verdict> {
  const { queries, servers, skewMs, aheadMs } = look;
  const { requestId } = task;
  // Nova's times are compared only with Nova's.
  const [now, startTime] = [look.now + aheadMs, task.startTime + aheadMs];
  if (endsWithoutEvent(task.task)) return SUCCESS;
  // Nova may have shown the server as idle until it answered.
  const server = await servers.alive(serverId, task);
  const times = { now, startTime, skewMs };
  if (task.task === 'delete') {
    const isYoung = server !== null && isBeingDeleted(server) && now - startTime < YOUNG_MS;
    if (isYoung || isDeleted(server, times)) return deleteVerdict(server, null, times);
  } else if (server !== null && isStillAt(task.task, startTime, server, now)) {
    return BUSY;
  }
  const action = requestId === null ? null : await queries.action(serverId, requestId);
  if (task.task === 'delete') return deleteVerdict(server, action, times);
  const rebootDelayMs = options.hasNotifications ? REBOOT_NEWS_MS : 0;
  const verdict = actionVerdict({ task: task.task, startTime, server, action, now, rebootDelayMs });
  const isIdle = server === null || server.taskState === null;
  const hasFailed = action?.message === 'Error';
  switch (task.task) {
    case 'live-migration':
      if (verdict.is === 'success' || hasFailed || server === null || !isIdle || action === null)
        return verdict;
      return migrationVerdict(await queries.migrations(serverId), action.startTime - skewMs) ?? verdict;
    case 'createImage':
    case 'createBackup': {
      const lastHeard = Math.max(lastSign(startTime, action), server?.updatedAt ?? 0);
      const evidence = {
        imageId: task.resource?.['image'],
        isIdle,
        silenceMs: now - lastHeard,
        hasFailed,
      };
      return imageVerdict(verdict, { ...evidence, maxMicroversion: options.maxMicroversion }, look);
    }
    default:
      return verdict;
  }
}

/** Whether a server can only be working on this task: it is busy, and has not changed since the task began. */
function isStillAt(task: string, startTime: number, server: ServerView, now: number): boolean {
  const ending = endingOf(task);
  if (server.taskState === null || ending === null || ending.showsTaskState === false) return false;
  return now - startTime < YOUNG_MS || server.updatedAt < startTime + YOUNG_MS;
}

/** The outcome of a live migration whose last step was not recorded; `null` if Nova knows of none since a time. */
export function migrationVerdict(migrations: readonly MigrationView[], since: number): Verdict | null {
  const own = migrations.find(({ type, createdAt }) => type === 'live-migration' && createdAt >= since);
  switch (own?.status) {
    case undefined:
      return null;
    case 'completed':
      return SUCCESS;
    case 'error':
    case 'failed':
    case 'cancelled':
      return failure(`The live migration ended as "${own?.status}".`);
    default:
      return BUSY;
  }
}
