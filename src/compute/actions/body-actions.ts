import type { Ending, NovaAction, ServerAction } from './server-action.js';

const RUNNING = ['active'];
const ANY_BUT_ERROR = ['active', 'stopped', 'paused', 'suspended', 'rescued', 'resized'];
const MIGRATED: Ending = {
  finalEvents: ['compute_finish_resize', 'compute_finish_snapshot_based_resize_at_dest'],
  endsIn: ['resized'],
};
const REBUILT: Ending = {
  // A stopped server is started and stopped again under the same request.
  finalEvents: ['compute_rebuild_instance'],
  endsIn: ['active', 'stopped'],
  whenIdle: true,
};

/** The actions of `POST /servers/{id}/action` that a real Nova and the simulated cloud have, by the key of the body. */
export const SERVER_ACTIONS: Readonly<Record<string, ServerAction>> = {
  'os-start': {
    task: 'start',
    status: 202,
    vmStates: ['stopped'],
    ending: { finalEvents: ['compute_start_instance'], endsIn: RUNNING },
  },
  'os-stop': {
    task: 'stop',
    status: 202,
    vmStates: ['active', 'error'],
    ending: { finalEvents: ['compute_stop_instance'], endsIn: ['stopped'] },
  },
  reboot: {
    task: 'reboot',
    status: 202,
    vmStates: ['active', 'stopped', 'paused', 'suspended', 'error'],
    ending: { finalEvents: ['compute_reboot_instance'], endsIn: RUNNING, whenIdle: true },
  },
  pause: {
    task: 'pause',
    status: 202,
    vmStates: ['active'],
    ending: { finalEvents: ['compute_pause_instance'], endsIn: ['paused'] },
  },
  unpause: {
    task: 'unpause',
    status: 202,
    vmStates: ['paused'],
    ending: { finalEvents: ['compute_unpause_instance'], endsIn: RUNNING },
  },
  suspend: {
    task: 'suspend',
    status: 202,
    vmStates: ['active'],
    ending: { finalEvents: ['compute_suspend_instance'], endsIn: ['suspended'] },
  },
  resume: {
    task: 'resume',
    status: 202,
    vmStates: ['suspended'],
    ending: { finalEvents: ['compute_resume_instance'], endsIn: RUNNING },
  },
  rebuild: { task: 'rebuild', status: 202, vmStates: ['active', 'stopped', 'error'], ending: REBUILT },
  resize: { task: 'resize', status: 202, vmStates: ['active', 'stopped'], ending: MIGRATED },
  confirmResize: {
    task: 'confirmResize',
    status: 204,
    vmStates: ['resized'],
    ending: {
      finalEvents: ['compute_confirm_resize', 'compute_confirm_snapshot_based_resize_at_source'],
      endsIn: ['active', 'stopped'],
      showsTaskState: false,
    },
  },
  revertResize: {
    task: 'revertResize',
    status: 202,
    vmStates: ['resized'],
    ending: {
      finalEvents: ['compute_finish_revert_resize', 'compute_finish_revert_snapshot_based_resize_at_source'],
      endsIn: ['active', 'stopped'],
    },
  },
  rescue: {
    task: 'rescue',
    status: 200,
    vmStates: ['active', 'stopped', 'error'],
    ending: { finalEvents: ['compute_rescue_instance'], endsIn: ['rescued'] },
  },
  unrescue: {
    task: 'unrescue',
    status: 202,
    vmStates: ['rescued'],
    ending: { finalEvents: ['compute_unrescue_instance'], endsIn: RUNNING },
  },
  shelve: {
    task: 'shelve',
    status: 202,
    vmStates: ['active', 'stopped', 'paused', 'suspended'],
    // One that boots from a volume is offloaded at once.
    ending: {
      finalEvents: ['compute_shelve_instance', 'compute_shelve_offload_instance'],
      endsIn: ['shelved', 'shelved_offloaded'],
    },
  },
  shelveOffload: {
    task: 'shelveOffload',
    status: 202,
    vmStates: ['shelved'],
    adminOnly: true,
    ending: { finalEvents: ['compute_shelve_offload_instance'], endsIn: ['shelved_offloaded'] },
  },
  unshelve: {
    task: 'unshelve',
    status: 202,
    vmStates: ['shelved', 'shelved_offloaded'],
    // One that is shelved and still on its host is only started.
    ending: { finalEvents: ['compute_unshelve_instance', 'compute_start_instance'], endsIn: RUNNING },
  },
  restore: {
    task: 'restore',
    status: 202,
    vmStates: ['soft-delete'],
    ending: { finalEvents: ['compute_restore_instance'], endsIn: ANY_BUT_ERROR },
  },
  forceDelete: { task: 'delete', status: 202, whileBusy: true },
  lock: {
    task: 'lock',
    status: 202,
    whileBusy: true,
    doneWhenAnswered: true,
    ending: { finalEvents: ['api_lock'], showsTaskState: false },
    leaves: 'nothing',
  },
  unlock: {
    task: 'unlock',
    status: 202,
    whileBusy: true,
    doneWhenAnswered: true,
    ending: { finalEvents: ['api_unlock'], showsTaskState: false },
    leaves: 'nothing',
  },
  changePassword: {
    task: 'changePassword',
    status: 202,
    vmStates: ['active'],
    doneWhenAnswered: true,
    ending: { finalEvents: ['compute_set_admin_password'], endsIn: RUNNING },
  },
  createImage: {
    task: 'createImage',
    status: 202,
    vmStates: ['active', 'stopped', 'paused', 'suspended'],
    resource: 'image',
    // Of a server that boots from a volume, the API itself makes it.
    ending: { finalEvents: ['compute_snapshot_instance', 'api_snapshot_instance'] },
  },
};

const DONE_AND_NOT_KEPT = { doneWhenAnswered: true, leaves: 'nothing' } as const;

/** Those that a real Nova alone has, by the key of the body. */
export const NOVA_ACTIONS: Readonly<Record<string, NovaAction>> = {
  createBackup: { task: 'createBackup', ending: { finalEvents: ['compute_backup_instance'] } },
  migrate: { task: 'migrate', adminOnly: true, ending: MIGRATED },
  // "compute_live_migration" ends when the migration has only been queued.
  'os-migrateLive': {
    task: 'live-migration',
    adminOnly: true,
    ending: { finalEvents: ['compute_post_live_migration_at_destination'] },
  },
  evacuate: { task: 'evacuate', status: 200, adminOnly: true, ending: REBUILT },
  trigger_crash_dump: {
    task: 'trigger_crash_dump',
    ending: { finalEvents: ['compute_trigger_crash_dump'], showsTaskState: false },
  },
  'os-resetState': { task: 'resetState', adminOnly: true, doneWhenAnswered: true, leaves: 'action' },
  addSecurityGroup: { task: 'addSecurityGroup', ...DONE_AND_NOT_KEPT },
  removeSecurityGroup: { task: 'removeSecurityGroup', ...DONE_AND_NOT_KEPT },
  addFloatingIp: { task: 'addFloatingIp', ...DONE_AND_NOT_KEPT },
  removeFloatingIp: { task: 'removeFloatingIp', ...DONE_AND_NOT_KEPT },
  addFixedIp: { task: 'addFixedIp', ...DONE_AND_NOT_KEPT },
  removeFixedIp: { task: 'removeFixedIp', ...DONE_AND_NOT_KEPT },
  injectNetworkInfo: { task: 'injectNetworkInfo', adminOnly: true, ...DONE_AND_NOT_KEPT },
  resetNetwork: { task: 'resetNetwork', adminOnly: true, ...DONE_AND_NOT_KEPT },
};

/** Keys that read and change nothing: such a request is no task. */
export const READS: ReadonlySet<string> = new Set([
  'os-getConsoleOutput',
  'os-getVNCConsole',
  'os-getSPICEConsole',
  'os-getRDPConsole',
  'os-getSerialConsole',
]);
