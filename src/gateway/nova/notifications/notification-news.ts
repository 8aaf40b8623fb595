import type { Observation } from '../../../compute/compute.service.js';
import type { Accepted, Fault, Resource } from '../../../tasks/task.states.js';
import { versionedFields, type Notification } from './notification.js';

/** Delay from the first notification of a task to a look, in milliseconds: by then its end was reported, or lost. */
const LOOK_AFTER_MS = 5000;

/** Steps of an operation, whose ends are not the end of the operation. */
const STEPS = ['live_migration_pre', 'resize', 'resize_prep', 'shutdown'];

/**
 * The news in a notification about the task that caused it:
 *
 * - accepted: recorded only from `pending` and `unknown`, so it recovers a task whose answer was lost
 * - look now: something has ended, and Nova's API has the details
 * - failed: details that the API does not have
 *
 * The server of a create is left out: if there are several, each has notifications of its own, in no order. A look
 * finds them by the request id. Other failures are left out too: they are not final on every event
 * (`instance.create.error` comes with each host that is tried), and the API has the text as well.
 *
 * @param isFirst whether this is the task's first notification
 * @param now epoch milliseconds
 */
export function newsOf(notification: Notification, isFirst: boolean, now: number): Observation[] {
  const { taskUuid: uuid, requestId, eventType } = notification;
  if (uuid === null) return [];
  const accepted: Accepted = { ...(requestId !== null && { requestId }), ...imageOf(notification) };
  if (eventType === 'instance.reboot.error')
    return [{ uuid, outcome: { state: 'failure', fault: rebootFault(notification), ...accepted } }];

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
 * Whether Nova's API has accepted the request, or will. For attaching an interface or setting a password it waits for
 * the compute host, and for an old live migration for the scheduler, and answers 4xx when they fail: so neither their
 * first notifications nor errors prove it. `instance.update` is sent before the API is done, too.
 *
 * @see nova/compute/rpcapi.py, the methods that use `call` instead of `cast`
 */
export function provesAcceptance(eventType: string): boolean {
  const [object, action, phase] = eventType.split('.');
  if (object !== 'instance') return false;
  return phase === 'end' || (phase === 'start' && action !== 'interface_attach');
}

/** Whether the operation may have ended here. If it has not, the look has cost a few requests. */
function mayHaveEnded(eventType: string): boolean {
  const [object, action = '', phase] = eventType.split('.');
  if (phase === 'error') return object === 'instance' || object === 'compute_task';
  if (phase === 'end') return object === 'instance' && !STEPS.includes(action);
  return eventType === 'compute.exception';
}

/** The image of `createImage` and `createBackup`, which is not found by anything else when the answer was lost. */
function imageOf({ eventType, data }: Notification): { resource?: Resource } {
  const { snapshot_image_id: image, uuid: server } = data;
  return eventType.startsWith('instance.snapshot.') && typeof image === 'string'
    ? { resource: { ...(typeof server === 'string' && { server }), image } }
    : {};
}

/** A reboot that failed with the guest still running: its event ends in success (nova/compute/manager.py). */
function rebootFault({ data }: Notification): Fault {
  const { exception, exception_message: text } = versionedFields(data['fault']);
  // What was raised in another process brings its traceback along.
  const [message = ''] = typeof text === 'string' ? text.split(/\n?Traceback \(most recent call last\)/) : [];
  const name = typeof exception === 'string' ? exception : 'The reboot failed';
  return { code: 500, message: message.trim() || name };
}
