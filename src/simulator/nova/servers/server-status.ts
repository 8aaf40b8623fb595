import type { VmState } from '../../../compute/actions/server-action.js';
import type { SimulatedServer } from './server.entity.js';

const RESIZE = {
  resize_prep: 'RESIZE',
  resize_migrating: 'RESIZE',
  resize_migrated: 'RESIZE',
  resize_finish: 'RESIZE',
};
const REBUILD = {
  rebuilding: 'REBUILD',
  rebuild_block_device_mapping: 'REBUILD',
  rebuild_spawning: 'REBUILD',
};

/** The statuses of a vm_state: by task_state, else `default` (nova/api/openstack/common.py, `_STATE_MAP`). */
const STATUSES: Readonly<Record<VmState, { default: string; [taskState: string]: string }>> = {
  active: {
    default: 'ACTIVE',
    rebooting: 'REBOOT',
    reboot_pending: 'REBOOT',
    reboot_started: 'REBOOT',
    rebooting_hard: 'HARD_REBOOT',
    reboot_pending_hard: 'HARD_REBOOT',
    reboot_started_hard: 'HARD_REBOOT',
    updating_password: 'PASSWORD',
    migrating: 'MIGRATING',
    ...REBUILD,
    ...RESIZE,
  },
  building: { default: 'BUILD' },
  stopped: { default: 'SHUTOFF', ...RESIZE, ...REBUILD },
  resized: { default: 'VERIFY_RESIZE', resize_reverting: 'REVERT_RESIZE' },
  paused: { default: 'PAUSED', migrating: 'MIGRATING' },
  suspended: { default: 'SUSPENDED' },
  rescued: { default: 'RESCUE' },
  error: { default: 'ERROR', ...REBUILD },
  deleted: { default: 'DELETED' },
  'soft-delete': { default: 'SOFT_DELETED' },
  shelved: { default: 'SHELVED' },
  shelved_offloaded: { default: 'SHELVED_OFFLOADED' },
};

/** The status that clients see. */
export function statusOf({ vmState, taskState }: Pick<SimulatedServer, 'vmState' | 'taskState'>): string {
  const statuses = STATUSES[vmState];
  return (taskState === null ? undefined : statuses[taskState]) ?? statuses.default;
}

/**
 * The states that a list by `status` includes, as in Nova: a server's usual status includes all of its vm_state,
 * whatever its task_state.
 */
export function statesOf(statuses: readonly string[]): { vmStates: string[]; taskStates: string[] } {
  const wanted = statuses.map((status) => status.toUpperCase());
  const found = Object.entries(STATUSES).flatMap(([vmState, byTask]) =>
    Object.entries(byTask)
      .filter(([, status]) => wanted.includes(status))
      .map(([taskState]) => ({ vmState, taskState })),
  );
  return {
    vmStates: [...new Set(found.map(({ vmState }) => vmState))],
    taskStates: [...new Set(found.map(({ taskState }) => taskState))],
  };
}
