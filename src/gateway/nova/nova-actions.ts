import { SERVER_ACTIONS, SERVER_REQUESTS } from '../../compute/server-actions.js';

/** What the gateway needs to know of an action of Nova's. */
export interface NovaAction {
  /** Nova's instance action (nova/compute/instance_actions.py); where it writes none, the API's name. */
  task: string;
  /** Whether everything is done when it is answered. @default false */
  doneWhenAnswered?: boolean;
}

/** Keys of `POST /servers/{id}/action` that the simulated cloud does not know. */
const MORE_ACTIONS: Readonly<Record<string, NovaAction>> = {
  createBackup: { task: 'createBackup' },
  migrate: { task: 'migrate' },
  'os-migrateLive': { task: 'live-migration' },
  evacuate: { task: 'evacuate' },
  trigger_crash_dump: { task: 'trigger_crash_dump' },
  'os-resetState': { task: 'resetState', doneWhenAnswered: true },
  addSecurityGroup: { task: 'addSecurityGroup', doneWhenAnswered: true },
  removeSecurityGroup: { task: 'removeSecurityGroup', doneWhenAnswered: true },
  addFloatingIp: { task: 'addFloatingIp', doneWhenAnswered: true },
  removeFloatingIp: { task: 'removeFloatingIp', doneWhenAnswered: true },
  addFixedIp: { task: 'addFixedIp', doneWhenAnswered: true },
  removeFixedIp: { task: 'removeFixedIp', doneWhenAnswered: true },
  injectNetworkInfo: { task: 'injectNetworkInfo', doneWhenAnswered: true },
  resetNetwork: { task: 'resetNetwork', doneWhenAnswered: true },
};

/** Keys that read and change nothing: such a request is no task. */
const READS = new Set([
  'os-getConsoleOutput',
  'os-getVNCConsole',
  'os-getSPICEConsole',
  'os-getRDPConsole',
  'os-getSerialConsole',
]);

/** What could be the name of an action: it is kept as the name of a task. */
const NAME = /^[\w.:-]{1,64}$/;

/** Whether the key of an action's body names a request that only reads. */
export function isRead(key: string): boolean {
  return READS.has(key);
}

/**
 * The task that the key of an action's body stands for. An action that is not known here, of a newer Nova, is
 * recorded under its own key.
 *
 * @returns `null` for what can be none
 */
export function taskOfKey(key: string): string | null {
  const action = Object.hasOwn(SERVER_ACTIONS, key) ? SERVER_ACTIONS[key] : MORE_ACTIONS[key];
  return action?.task ?? (NAME.test(key) ? key : null);
}

const DONE_WHEN_ANSWERED = new Set(
  [...Object.values(SERVER_ACTIONS), ...Object.values(MORE_ACTIONS), ...Object.values(SERVER_REQUESTS)]
    .filter((action: NovaAction) => action.doneWhenAnswered)
    .map(({ task }) => task),
);

/** Whether everything that a task is about is done when Nova has answered. */
export function isDoneWhenAnswered(task: string): boolean {
  return DONE_WHEN_ANSWERED.has(task);
}
