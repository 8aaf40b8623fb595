import type { ServerAction } from '../../../compute/actions/server-action.js';
import type { Caller } from '../../../identity/caller.js';
import { BadRequest, Conflict, Forbidden } from '../../../openstack/faults.js';
import type { SimulatedServer } from './server.entity.js';

/**
 * Whether a server's state allows an action, in Nova's words (nova/compute/api.py, `check_instance_lock` and
 * `check_instance_state`).
 *
 * @throws Conflict if it does not, Forbidden if only administrators may
 */
export function assertAllowed(
  action: ServerAction,
  server: SimulatedServer,
  caller: Caller,
  body: unknown,
): void {
  if (action.adminOnly === true && !caller.isAdmin) {
    throw new Forbidden(`Policy doesn't allow os_compute_api:os-shelve:shelve_offload to be performed.`);
  }
  const { task } = action;
  if (server.data.locked && !caller.isAdmin && task !== 'lock' && task !== 'unlock') {
    throw new Conflict(`Instance ${server.id} is locked`);
  }
  const vmStates = isSoftReboot(body) ? ['active'] : action.vmStates;
  if (vmStates !== undefined && !(vmStates as readonly string[]).includes(server.vmState)) {
    throw notWhile(task, server.id, 'vm_state', server.vmState);
  }
  if (action.whileBusy !== true && server.taskState !== null) {
    throw notWhile(task, server.id, 'task_state', server.taskState);
  }
}

/** A resize can be confirmed or reverted once; Nova checks its migration's record. */
export function notResized(): BadRequest {
  return new BadRequest('Instance has not been resized.');
}

function notWhile(task: string, id: string, attribute: string, state: string): Conflict {
  return new Conflict(`Cannot '${task}' instance ${id} while it is in ${attribute} ${state}`);
}

function isSoftReboot(body: unknown): boolean {
  return (body as { reboot?: { type?: string } } | null)?.reboot?.type?.toUpperCase() === 'SOFT';
}
