import type { Accepted, Fault, Resource } from '../../../tasks/task.states.js';
import type { Observation } from '../../../compute/compute.service.js';
import { fieldsOf, type Notification } from './notification.js';

/** How long after the first word of a task it is looked at, in milliseconds: its end is told sooner, or was lost. */
const LOOK_AFTER_MS = 5000;

/** Steps of an operation whose end is not its end. */
const STEPS = ['live_migration_pre', 'resize', 'resize_prep', 'shutdown'];

/**
 * What a notification tells of the task that caused it:
 *
 * - accepted: recorded from `pending` and `unknown` alone, and so it recovers a task whose answer was lost
 * - look now: something has ended, and Nova's API tells how
 * - failed: what the API does not tell
 *
 * The server of a create is not told: of several, each has notifications of its own, in no order. Looking finds them
 * by the request id. Other failures are not told either: those are not final on every event (`instance.create.error`
 * comes with each host that is tried), and the API has the text as well.
 *
 * @param isFirst whether this is the first word of the task
 * @param now epoch milliseconds
 */
export function newsOf(notification: Notification, isFirst: boolean, now: number): Observation[] {
  const { taskUuid: uuid, requestId, eventType } = notification;
  if (uuid === null) return [];
  const accepted: Accepted = { ...(requestId !== null && { requestId }), ...resourceOf(notification) };
  if (eventType === 'instance.reboot.error')
    return [{ uuid, outcome: { state: 'failure', fault: faultOf(notification), ...accepted } }];

  const hasEnded = mayHaveEnded(eventType);
  const news: Observation[] = [];
  if (isFirst && provesAcceptance(eventType)) {
    const lookAgainAt = hasEnded ? now : now + LOOK_AFTER_MS;
    news.push({ uuid, outcome: { state: 'processing', lookAgainAt, ...accepted } });
  }
  if (hasEnded) news.push({ uuid, outcome: { state: 'undetermined', lookAgainAt: now } });
  return news;
}

/**
 * Whether Nova's API has accepted the request, or will. It waits for the compute host to attach an interface or set
 * a password, and for the scheduler of an old live migration, and answers 4xx when they fail: so neither their first
 * notifications nor errors say so. `instance.update` is sent before the API is done, too.
 *
 * @see nova/compute/rpcapi.py, the methods that `call` and do not `cast`
 */
export function provesAcceptance(eventType: string): boolean {
  const [object, action, phase] = eventType.split('.');
  if (object !== 'instance') return false;
  return phase === 'end' || (phase === 'start' && action !== 'interface_attach');
}

/** Whether the operation may have ended with this. When it has not, the look has cost a few requests. */
function mayHaveEnded(eventType: string): boolean {
  const [object, action = '', phase] = eventType.split('.');
  if (phase === 'error') return object === 'instance' || object === 'compute_task';
  if (phase === 'end') return object === 'instance' && !STEPS.includes(action);
  return eventType === 'compute.exception';
}

/** The image of `createImage` and `createBackup`, which is not found by anything else when the answer was lost. */
function resourceOf({ eventType, data }: Notification): { resource?: Resource } {
  const { snapshot_image_id: image, uuid: server } = data;
  return eventType.startsWith('instance.snapshot.') && typeof image === 'string'
    ? { resource: { ...(typeof server === 'string' && { server }), image } }
    : {};
}

/** A reboot that failed with the guest still running: its event ends in success (nova/compute/manager.py). */
function faultOf({ data }: Notification): Fault {
  const { exception, exception_message: text } = fieldsOf(data['fault']);
  // What was raised in another process brings its traceback along.
  const [message = ''] = typeof text === 'string' ? text.split(/\n?Traceback \(most recent call last\)/) : [];
  const name = typeof exception === 'string' ? exception : 'The reboot failed';
  return { code: 500, message: message.trim() || name };
}
