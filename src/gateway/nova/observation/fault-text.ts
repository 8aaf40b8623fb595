import type { Fault } from '../../../tasks/task.states.js';
import type { ActionView, ServerView } from '../reader/nova-views.js';

/** Nova keeps whole seconds. */
const RESOLUTION_MS = 1000;

/** The server's fault, if it is not older than a request; it remains on a server that is in ERROR. */
export function faultSince({ fault }: ServerView, startTime: number): Fault | null {
  if (fault === null || fault.createdAt < startTime - RESOLUTION_MS || fault.message === '') return null;
  return { code: fault.code, message: fault.message };
}

/** The message of the failed step, for the user; never a traceback, which Nova gives administrators as well. */
export function eventFault(action: ActionView | null): string | null {
  const wrong = action?.events.find(({ result, details }) => result === 'Error' && details !== null);
  return wrong?.details?.trim() ?? null;
}
