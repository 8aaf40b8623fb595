import type { ActionView } from '../reader/nova-views.js';

/** The time of the last sign of an action, in epoch milliseconds; at least that of its task's beginning. */
export function lastSign(startTime: number, action: ActionView | null): number {
  const events = action?.events ?? [];
  return Math.max(
    startTime,
    action?.startTime ?? 0,
    ...events.map((event) => Math.max(event.startTime, event.finishTime ?? 0)),
  );
}
