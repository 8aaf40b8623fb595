import { toText } from '../url/percent-encoding.js';
import type { Task } from './task.entity.js';
import { type Fault, isEnded, type Resource, type TaskState } from './task.states.js';

/** A task as clients see it: the schema of the specification, with `tag`, `fault`, `accepted` and `ended` added. */
export interface TaskView {
  uuid: string;
  task: string;
  state: TaskState;
  /**
   * Whether the request was accepted: if so, the same one under the same tag is refused; if not, it may be sent again.
   * `null` while that is not known yet, and for a failure without a tag.
   */
  accepted: boolean | null;
  /** Whether it has ended, well or badly: its state does not change any more. */
  ended: boolean;
  resource: Resource;
  request_id: string | null;
  user_id: string;
  project_id: string;
  /** RFC 3339, UTC. */
  start_time: string;
  /** RFC 3339, UTC. */
  last_updated: string;
  tag: string | null;
  fault: Fault | null;
  /**
   * Who ended it by hand, when (RFC 3339, UTC) and why: an administrator who resolved it, or whoever abandoned the tag.
   * `null` for a task that has ended by itself, or is open.
   */
  resolved: { by: string; at: string; reason: string | null } | null;
  /** When its request was handed on, to the handler or to Nova (RFC 3339, UTC); `null`: it was not, or nobody knows. */
  sent_at: string | null;
  /** When its answer was known (RFC 3339, UTC); `null`: it has none yet, or it was lost. */
  answered_at: string | null;
  /** When its state became final (RFC 3339, UTC); `null` for an open task. */
  ended_at: string | null;
  /**
   * The last look at an open task: when, why it is still open, and when the next one is (RFC 3339, UTC). `null` for a
   * task that has ended, or was not looked at yet.
   */
  observation: { at: string; why: string; next_at: string | null } | null;
}

/** A task as look-ups show it: with what is no part of its record. */
export interface FoundTaskView extends TaskView {
  /** When it will be removed because of its age (RFC 3339, UTC), or soon after; `null`: never, or it is open. */
  expires_at: string | null;
  /** The same requests that came later, since it was recorded. A count may come a second late. */
  duplicates: { refused: number; answered: number; last_at: string | null };
}

export function taskView(task: Task): TaskView {
  const lastUpdated = timeOf(task.lastUpdated);
  return {
    uuid: task.uuid,
    task: task.task,
    state: task.state,
    accepted: wasAccepted(task),
    ended: isEnded(task.state),
    resource: task.resource ?? {},
    request_id: task.requestId,
    user_id: task.userId,
    project_id: task.projectId,
    start_time: timeOf(task.startTime),
    last_updated: lastUpdated,
    tag: task.tag === null ? null : toText(task.tag),
    fault: task.faultCode === null ? null : { code: task.faultCode, message: task.faultMessage ?? '' },
    resolved: task.resolved && { ...task.resolved, at: timeOf(task.resolved.at) },
    sent_at: after(task.startTime, task.sentAfter),
    answered_at: isEndedByAnswer(task) ? lastUpdated : after(task.startTime, task.answeredAfter),
    ended_at: isEnded(task.state) ? lastUpdated : null,
    observation: observationOf(task),
  };
}

/** @param options where tasks are kept for a limited time, for how long after their end, in milliseconds */
export function foundTaskView(task: Task, { retentionMs }: { retentionMs: number | null }): FoundTaskView {
  const { refused = 0, answered = 0, lastAt = null } = task.duplicates ?? {};
  return {
    ...taskView(task),
    expires_at: retentionMs !== null && isEnded(task.state) ? timeOf(task.lastUpdated + retentionMs) : null,
    duplicates: { refused, answered, last_at: lastAt === null ? null : timeOf(lastAt) },
  };
}

function timeOf(time: number): string {
  return new Date(time).toISOString();
}

function after(start: number, difference: number | null): string | null {
  return difference === null ? null : timeOf(start + difference);
}

/** A task that was neither looked at nor resolved was ended by its answer, if its request was handed on at all. */
function isEndedByAnswer({ answeredAfter, state, sentAfter, lookedAt, resolved }: Task): boolean {
  const hasNoOther = answeredAfter === null && lookedAt === null && resolved === null;
  return hasNoOther && isEnded(state) && sentAfter !== null;
}

function observationOf({ state, lookedAt, whyOpen, nextLook }: Task): TaskView['observation'] {
  if (lookedAt === null || isEnded(state)) return null;
  return {
    at: timeOf(lookedAt),
    why: whyOpen ?? WHY_OPEN[state] ?? '',
    next_at: nextLook === null ? null : timeOf(nextLook),
  };
}

/** What is said of a task where a look has found no better reason. */
const WHY_OPEN: Partial<Record<TaskState, string>> = {
  pending: 'The request is being carried out: there is no answer yet.',
  processing: 'The request was accepted, and what it asks for is still under way.',
  unknown: 'It is not known yet whether the request was accepted.',
};

/** A rejection frees the duplicate key; a task that counts as accepted keeps it. Without a tag there never was one. */
function wasAccepted({ state, tag, duplicateKey }: Task): boolean | null {
  if (state === 'processing' || state === 'success') return true;
  return state === 'failure' && tag !== null ? duplicateKey !== null : null;
}
