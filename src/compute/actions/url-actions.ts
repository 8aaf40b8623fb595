import type { NovaAction, ServerAction, VmState } from './server-action.js';

/**
 * Nova's longest wait for one of its own services (`long_rpc_timeout`), in milliseconds: from microversion 2.101 on,
 * it may pass before there is any trace of a volume that is attached (nova/conductor/manager.py, `attach_volume`).
 */
export const LONG_RPC_MS = 1_800_000;

const ATTACHABLE: readonly VmState[] = ['active', 'paused', 'stopped'];
const VOLUME_ATTACHABLE: readonly VmState[] = [
  ...ATTACHABLE,
  'suspended',
  'resized',
  'soft-delete',
  'shelved',
  'shelved_offloaded',
];

/** The requests on a server that are known by method and URL, of a real Nova and the simulated cloud. */
export const SERVER_REQUESTS = {
  delete: { task: 'delete', status: 204, whileBusy: true },
  attachInterface: {
    task: 'attach_interface',
    status: 200,
    vmStates: ATTACHABLE,
    doneWhenAnswered: true,
    resource: 'network',
    ending: { finalEvents: ['compute_attach_interface'], showsTaskState: false },
  },
  detachInterface: {
    task: 'detach_interface',
    status: 202,
    vmStates: ATTACHABLE,
    resource: 'network',
    ending: { finalEvents: ['compute_detach_interface'], showsTaskState: false },
  },
  attachVolume: {
    task: 'attach_volume',
    status: 200,
    vmStates: VOLUME_ATTACHABLE,
    resource: 'volume',
    ending: {
      finalEvents: ['compute_attach_volume', 'api_attach_volume'],
      showsTaskState: false,
      quietMs: LONG_RPC_MS,
    },
  },
  swapVolume: {
    task: 'swap_volume',
    status: 202,
    vmStates: VOLUME_ATTACHABLE,
    resource: 'volume',
    ending: { finalEvents: ['compute_swap_volume'], showsTaskState: false },
  },
  detachVolume: {
    task: 'detach_volume',
    status: 202,
    vmStates: VOLUME_ATTACHABLE,
    resource: 'volume',
    ending: { finalEvents: ['compute_detach_volume', 'api_detach_volume'], showsTaskState: false },
  },
} as const satisfies Record<string, ServerAction>;

/** Those that a real Nova alone has. */
export const RELAYED_REQUESTS = {
  attachShare: {
    task: 'attach_share',
    status: 201,
    ending: { finalEvents: ['compute_allow_share'], showsTaskState: false },
  },
  detachShare: {
    task: 'detach_share',
    status: 200,
    ending: { finalEvents: ['compute_deny_share'], showsTaskState: false },
  },
  // The state that Nova shows meanwhile is the migration's.
  cancelLiveMigration: {
    task: 'live_migration_cancel',
    adminOnly: true,
    ending: { finalEvents: ['compute_live_migration_abort'], showsTaskState: false },
  },
  forceLiveMigration: {
    task: 'live_migration_force_complete',
    adminOnly: true,
    ending: { finalEvents: ['compute_live_migration_force_complete'], showsTaskState: false },
  },
} as const satisfies Record<string, NovaAction>;
