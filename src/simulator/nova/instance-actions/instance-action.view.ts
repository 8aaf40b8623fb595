import type { Microversion } from '../../../openstack/microversion.js';
import type { Task } from '../../../tasks/task.entity.js';

/** The first microversion with `updated_at`, paging and `changes-since`. */
export const PAGING: Microversion = 58;

/** The first microversion that shows events to everybody. */
const EVENTS_FOR_ALL: Microversion = 51;

/**
 * Whether a task is an instance action: Nova keeps none for a request that it refused. A failure after acceptance has a
 * fault of 500 or more.
 */
export function wasAccepted(task: Task): boolean {
  return task.state !== 'failure' || (task.faultCode ?? 500) >= 500;
}

/** A task as an instance action (nova/api/openstack/compute/instance_actions.py). */
export function instanceAction(task: Task, serverId: string, version: Microversion): object {
  return {
    action: task.task,
    instance_uuid: serverId,
    message: task.state === 'failure' ? 'Error' : null,
    project_id: task.projectId,
    request_id: task.requestId,
    start_time: novaTime(task.startTime),
    user_id: task.userId,
    ...(version >= PAGING && { updated_at: novaTime(task.lastUpdated) }),
  };
}

/** The event of an action: what happened on the host. Below 2.51 only administrators see it. */
export function instanceActionEvents(task: Task, version: Microversion, isAdmin: boolean): object {
  if (version < EVENTS_FOR_ALL && !isAdmin) return {};
  const ended = task.state === 'success' || task.state === 'failure';
  return {
    events: [
      {
        event: EVENTS[task.task] ?? `compute_${task.task}_instance`,
        start_time: novaTime(task.startTime),
        finish_time: ended ? novaTime(task.lastUpdated) : null,
        result: task.state === 'success' ? 'Success' : task.state === 'failure' ? 'Error' : null,
        ...(isAdmin && { traceback: null }),
      },
    ],
  };
}

/** The names of events that do not follow the rule. */
const EVENTS: Record<string, string> = {
  create: 'compute__do_build_and_run_instance',
  delete: 'compute_terminate_instance',
  resize: 'compute_finish_resize',
  confirmResize: 'compute_confirm_resize',
  revertResize: 'compute_finish_revert_resize',
  shelveOffload: 'compute_shelve_offload_instance',
  createImage: 'compute_snapshot_instance',
  changePassword: 'compute_set_admin_password',
  lock: 'api_lock',
  unlock: 'api_unlock',
  attach_interface: 'compute_attach_interface',
  detach_interface: 'compute_detach_interface',
  attach_volume: 'compute_attach_volume',
  detach_volume: 'compute_detach_volume',
  swap_volume: 'compute_swap_volume',
};

/** Nova's times in instance actions have microseconds and no zone. */
function novaTime(time: number): string {
  return new Date(time).toISOString().replace('Z', '000');
}
