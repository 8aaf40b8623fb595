import type { ActionView } from '../reader/nova-views.js';

/** The last time that anything was heard of an action, in epoch milliseconds; since its task began at least. */
export function lastSign(startTime: number, action: ActionView | null): number {
  const events = action?.events ?? [];
  return Math.max(
    startTime,
    action?.startTime ?? 0,
    ...events.map((event) => Math.max(event.startTime, event.finishTime ?? 0)),
  );
}
