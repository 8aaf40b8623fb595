/** How the end of an action is recognized (nova/compute/manager.py, `wrap_instance_event`). */
export interface ActionRule {
  /** The step that ends it, or the one among these that occurs. */
  finalEvents: readonly string[];
  /** States of a server (`vm_state`) in which it has succeeded, if no event shows it. */
  endsIn?: readonly string[];
  /** Whether it has not ended before the server is idle. @default false */
  whenIdle?: boolean;
  /** Whether Nova keeps a `task_state` while it works on it. @default true */
  showsTaskState?: boolean;
  /** How long Nova may be silent while still working on it, in milliseconds. @default by `showsTaskState` */
  quietMs?: number;
}

/**
 * Nova's longest wait for one of its own services (`long_rpc_timeout`), in milliseconds: from microversion 2.101 on, an
 * attached volume may leave no trace for so long (nova/conductor/manager.py, `attach_volume`).
 */
export const LONG_RPC_MS = 1_800_000;

const RUNNING = ['active'];
const ANY_BUT_ERROR = ['active', 'stopped', 'paused', 'suspended', 'rescued', 'resized'];
const MIGRATED: ActionRule = {
  finalEvents: ['compute_finish_resize', 'compute_finish_snapshot_based_resize_at_dest'],
  endsIn: ['resized'],
};
const REBUILT: ActionRule = {
  // A stopped server is started and stopped again under the same request.
  finalEvents: ['compute_rebuild_instance'],
  endsIn: ['active', 'stopped'],
  whenIdle: true,
};

/** The final events of each action, by Nova's name of the action (nova/compute/instance_actions.py). */
const RULES: Readonly<Record<string, ActionRule>> = {
  stop: { finalEvents: ['compute_stop_instance'], endsIn: ['stopped'] },
  start: { finalEvents: ['compute_start_instance'], endsIn: RUNNING },
  reboot: { finalEvents: ['compute_reboot_instance'], endsIn: RUNNING, whenIdle: true },
  pause: { finalEvents: ['compute_pause_instance'], endsIn: ['paused'] },
  unpause: { finalEvents: ['compute_unpause_instance'], endsIn: RUNNING },
  suspend: { finalEvents: ['compute_suspend_instance'], endsIn: ['suspended'] },
  resume: { finalEvents: ['compute_resume_instance'], endsIn: RUNNING },
  rescue: { finalEvents: ['compute_rescue_instance'], endsIn: ['rescued'] },
  unrescue: { finalEvents: ['compute_unrescue_instance'], endsIn: RUNNING },
  rebuild: REBUILT,
  evacuate: REBUILT,
  resize: MIGRATED,
  migrate: MIGRATED,
  confirmResize: {
    finalEvents: ['compute_confirm_resize', 'compute_confirm_snapshot_based_resize_at_source'],
    endsIn: ['active', 'stopped'],
    showsTaskState: false,
  },
  revertResize: {
    finalEvents: ['compute_finish_revert_resize', 'compute_finish_revert_snapshot_based_resize_at_source'],
    endsIn: ['active', 'stopped'],
  },
  // "compute_live_migration" ends when the migration has only been queued.
  'live-migration': { finalEvents: ['compute_post_live_migration_at_destination'] },
  // The state that Nova shows meanwhile belongs to the migration.
  live_migration_cancel: { finalEvents: ['compute_live_migration_abort'], showsTaskState: false },
  live_migration_force_complete: {
    finalEvents: ['compute_live_migration_force_complete'],
    showsTaskState: false,
  },
  // A server that boots from a volume is offloaded at once.
  shelve: {
    finalEvents: ['compute_shelve_instance', 'compute_shelve_offload_instance'],
    endsIn: ['shelved', 'shelved_offloaded'],
  },
  shelveOffload: { finalEvents: ['compute_shelve_offload_instance'], endsIn: ['shelved_offloaded'] },
  // A shelved server that is still on its host is only started.
  unshelve: { finalEvents: ['compute_unshelve_instance', 'compute_start_instance'], endsIn: RUNNING },
  // For a server that boots from a volume, the API itself makes the image.
  createImage: { finalEvents: ['compute_snapshot_instance', 'api_snapshot_instance'] },
  createBackup: { finalEvents: ['compute_backup_instance'] },
  restore: { finalEvents: ['compute_restore_instance'], endsIn: ANY_BUT_ERROR },
  trigger_crash_dump: { finalEvents: ['compute_trigger_crash_dump'], showsTaskState: false },
  changePassword: { finalEvents: ['compute_set_admin_password'], endsIn: RUNNING },
  lock: { finalEvents: ['api_lock'], showsTaskState: false },
  unlock: { finalEvents: ['api_unlock'], showsTaskState: false },
  attach_interface: { finalEvents: ['compute_attach_interface'], showsTaskState: false },
  detach_interface: { finalEvents: ['compute_detach_interface'], showsTaskState: false },
  attach_volume: {
    finalEvents: ['compute_attach_volume', 'api_attach_volume'],
    showsTaskState: false,
    quietMs: LONG_RPC_MS,
  },
  detach_volume: { finalEvents: ['compute_detach_volume', 'api_detach_volume'], showsTaskState: false },
  swap_volume: { finalEvents: ['compute_swap_volume'], showsTaskState: false },
  attach_share: { finalEvents: ['compute_allow_share'], showsTaskState: false },
  detach_share: { finalEvents: ['compute_deny_share'], showsTaskState: false },
};

/** Requests that Nova carries out without keeping an action, or that may change nothing and then keep none. */
const WITHOUT_ACTION = new Set([
  'addSecurityGroup',
  'removeSecurityGroup',
  'addFixedIp',
  'removeFixedIp',
  'addFloatingIp',
  'removeFloatingIp',
  'injectNetworkInfo',
  'resetNetwork',
  'lock',
  'unlock',
]);

/** Requests that are complete when Nova answers, and of which it keeps no event. */
const WITHOUT_EVENTS = new Set(['resetState']);

/** @returns `null` for an action of a newer Nova, unknown here */
export function ruleOf(task: string): ActionRule | null {
  return Object.hasOwn(RULES, task) ? (RULES[task] ?? null) : null;
}

/** Whether Nova may carry out a request without keeping its action; or, for an unknown one, with another action. */
export function mayLeaveNoAction(task: string): boolean {
  return WITHOUT_ACTION.has(task) || (ruleOf(task) === null && !WITHOUT_EVENTS.has(task));
}

/** Whether a request is complete once Nova has accepted it, with no further record. */
export function isDoneWhenAccepted(task: string): boolean {
  return WITHOUT_ACTION.has(task) || WITHOUT_EVENTS.has(task);
}
