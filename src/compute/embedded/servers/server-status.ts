import type { EmbeddedServer } from './server.entity.js';

/** The statuses of a vm_state: by task_state, else `default` (nova/api/openstack/common.py, `_STATE_MAP`). */
const STATUSES: Record<string, { default: string; [taskState: string]: string }> = {
  active: {
    default: 'ACTIVE',
    rebooting: 'REBOOT',
    rebooting_hard: 'HARD_REBOOT',
    updating_password: 'PASSWORD',
    rebuilding: 'REBUILD',
    resize_prep: 'RESIZE',
  },
  building: { default: 'BUILD' },
  stopped: {
    default: 'SHUTOFF',
    resize_prep: 'RESIZE',
    rebuilding: 'REBUILD',
    rebooting_hard: 'HARD_REBOOT',
  },
  resized: { default: 'VERIFY_RESIZE', resize_reverting: 'REVERT_RESIZE' },
  paused: { default: 'PAUSED', rebooting_hard: 'HARD_REBOOT' },
  suspended: { default: 'SUSPENDED', rebooting_hard: 'HARD_REBOOT' },
  rescued: { default: 'RESCUE' },
  error: { default: 'ERROR', rebooting_hard: 'HARD_REBOOT', rebuilding: 'REBUILD' },
  deleted: { default: 'DELETED' },
  'soft-delete': { default: 'SOFT_DELETED' },
  shelved: { default: 'SHELVED' },
  shelved_offloaded: { default: 'SHELVED_OFFLOADED' },
};

/** The status that clients see. */
export function statusOf({ vmState, taskState }: Pick<EmbeddedServer, 'vmState' | 'taskState'>): string {
  const statuses = STATUSES[vmState];
  return (taskState === null ? undefined : statuses?.[taskState]) ?? statuses?.default ?? 'UNKNOWN';
}
