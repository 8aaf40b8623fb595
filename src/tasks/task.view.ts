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
}

export function taskView(task: Task): TaskView {
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
    start_time: new Date(task.startTime).toISOString(),
    last_updated: new Date(task.lastUpdated).toISOString(),
    tag: task.tag === null ? null : toText(task.tag),
    fault: task.faultCode === null ? null : { code: task.faultCode, message: task.faultMessage ?? '' },
    resolved: task.resolved && { ...task.resolved, at: new Date(task.resolved.at).toISOString() },
  };
}

/** A rejection frees the duplicate key; a task that counts as accepted keeps it. Without a tag there never was one. */
function wasAccepted({ state, tag, duplicateKey }: Task): boolean | null {
  if (state === 'processing' || state === 'success') return true;
  return state === 'failure' && tag !== null ? duplicateKey !== null : null;
}
