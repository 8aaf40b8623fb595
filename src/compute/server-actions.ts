/** A server's state in Nova's database; together with `TaskState` it makes the status that clients see. */
export type VmState =
  | 'building'
  | 'active'
  | 'stopped'
  | 'paused'
  | 'suspended'
  | 'rescued'
  | 'resized'
  | 'shelved'
  | 'shelved_offloaded'
  | 'soft-delete'
  | 'error'
  | 'deleted';

/** One task-enabled request on an existing server. */
export interface ServerAction {
  /** Nova's instance action, and the name in its refusals. */
  task: string;
  /** Status of a successful answer. */
  status: 200 | 202 | 204;
  /** The states that allow it; all if left out. */
  vmStates?: readonly VmState[];
  /** Whether it is allowed while another operation is running. @default false */
  whileBusy?: boolean;
  /** Whether it is complete once it is answered. @default false */
  doneWhenAnswered?: boolean;
  /** The object it acts on, besides the server. @default none */
  resource?: 'image' | 'network' | 'volume';
  /** Whether only administrators may do it. @default false */
  adminOnly?: boolean;
}

/**
 * The actions of `POST /servers/{id}/action`, by the key of the body, as Nova handles them
 * (nova/compute/api.py, `check_instance_state`; nova/compute/instance_actions.py).
 */
export const SERVER_ACTIONS: Readonly<Record<string, ServerAction>> = {
  'os-start': { task: 'start', status: 202, vmStates: ['stopped'] },
  'os-stop': { task: 'stop', status: 202, vmStates: ['active', 'error'] },
  reboot: { task: 'reboot', status: 202, vmStates: ['active', 'stopped', 'paused', 'suspended', 'error'] },
  pause: { task: 'pause', status: 202, vmStates: ['active'] },
  unpause: { task: 'unpause', status: 202, vmStates: ['paused'] },
  suspend: { task: 'suspend', status: 202, vmStates: ['active'] },
  resume: { task: 'resume', status: 202, vmStates: ['suspended'] },
  rebuild: { task: 'rebuild', status: 202, vmStates: ['active', 'stopped', 'error'] },
  resize: { task: 'resize', status: 202, vmStates: ['active', 'stopped'] },
  confirmResize: { task: 'confirmResize', status: 204, vmStates: ['resized'] },
  revertResize: { task: 'revertResize', status: 202, vmStates: ['resized'] },
  rescue: { task: 'rescue', status: 200, vmStates: ['active', 'stopped', 'error'] },
  unrescue: { task: 'unrescue', status: 202, vmStates: ['rescued'] },
  shelve: { task: 'shelve', status: 202, vmStates: ['active', 'stopped', 'paused', 'suspended'] },
  shelveOffload: { task: 'shelveOffload', status: 202, vmStates: ['shelved'], adminOnly: true },
  unshelve: { task: 'unshelve', status: 202, vmStates: ['shelved', 'shelved_offloaded'] },
  restore: { task: 'restore', status: 202, vmStates: ['soft-delete'] },
  forceDelete: { task: 'delete', status: 202, whileBusy: true },
  lock: { task: 'lock', status: 202, whileBusy: true, doneWhenAnswered: true },
  unlock: { task: 'unlock', status: 202, whileBusy: true, doneWhenAnswered: true },
  changePassword: { task: 'changePassword', status: 202, vmStates: ['active'], doneWhenAnswered: true },
  createImage: {
    task: 'createImage',
    status: 202,
    vmStates: ['active', 'stopped', 'paused', 'suspended'],
    resource: 'image',
  },
};

const ATTACHABLE: readonly VmState[] = ['active', 'paused', 'stopped'];
const VOLUME_ATTACHABLE: readonly VmState[] = [
  ...ATTACHABLE,
  'suspended',
  'resized',
  'soft-delete',
  'shelved',
  'shelved_offloaded',
];

/** The task-enabled requests on a server that are identified by method and URL. */
export const SERVER_REQUESTS = {
  delete: { task: 'delete', status: 204, whileBusy: true },
  attachInterface: {
    task: 'attach_interface',
    status: 200,
    vmStates: ATTACHABLE,
    doneWhenAnswered: true,
    resource: 'network',
  },
  detachInterface: { task: 'detach_interface', status: 202, vmStates: ATTACHABLE, resource: 'network' },
  attachVolume: { task: 'attach_volume', status: 200, vmStates: VOLUME_ATTACHABLE, resource: 'volume' },
  swapVolume: { task: 'swap_volume', status: 202, vmStates: VOLUME_ATTACHABLE, resource: 'volume' },
  detachVolume: { task: 'detach_volume', status: 202, vmStates: VOLUME_ATTACHABLE, resource: 'volume' },
} as const satisfies Record<string, ServerAction>;

/** Task-enabled requests on a server that the simulated cloud does not have, by Nova's instance actions. */
export const RELAYED_REQUESTS = {
  attachShare: 'attach_share',
  detachShare: 'detach_share',
  cancelLiveMigration: 'live_migration_cancel',
  forceLiveMigration: 'live_migration_force_complete',
} as const;
