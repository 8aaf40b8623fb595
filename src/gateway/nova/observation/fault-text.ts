import type { Fault } from '../../../tasks/task.states.js';
import type { ActionView, ServerView } from '../reader/nova-views.js';

/** Nova keeps whole seconds. */
const RESOLUTION_MS = 1000;

/** The server's fault, when it is not older than a request; it stays on a server that is in ERROR. */
export function faultSince({ fault }: ServerView, startTime: number): Fault | null {
  if (fault === null || fault.createdAt < startTime - RESOLUTION_MS || fault.message === '') return null;
  return { code: fault.code, message: fault.message };
}

/** What the step that failed says, for the user: never a traceback, which Nova gives administrators too. */
export function eventFault(action: ActionView | null): string | null {
  const wrong = action?.events.find(({ result, details }) => result === 'Error' && details !== null);
  return wrong?.details?.trim() ?? null;
}
