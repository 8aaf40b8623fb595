import { SERVER_ACTIONS, SERVER_REQUESTS } from '../../compute/server-actions.js';

/** The facts about one of Nova's actions. */
export interface NovaAction {
  /** Nova's instance action (nova/compute/instance_actions.py); if Nova records none, the API's name. */
  task: string;
  /** Whether it is complete once it is answered. @default false */
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

/** Keys of requests that only read: such a request is not a task. */
const READS = new Set([
  'os-getConsoleOutput',
  'os-getVNCConsole',
  'os-getSPICEConsole',
  'os-getRDPConsole',
  'os-getSerialConsole',
]);

/** The form of an action's name: it is kept as the name of a task. */
const NAME = /^[\w.:-]{1,64}$/;

/** Whether the key of an action's body names a request that only reads. */
export function isRead(key: string): boolean {
  return READS.has(key);
}

/**
 * The task for the key of an action's body. An action of a newer Nova, unknown here, is recorded under its own key.
 *
 * @returns `null` for a key that cannot be the name of an action
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

/** Whether everything that a task does is done when Nova has answered. */
export function isDoneWhenAnswered(task: string): boolean {
  return DONE_WHEN_ANSWERED.has(task);
}
