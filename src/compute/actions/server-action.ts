/** A server's state as Nova keeps it; with `TaskState` it makes the status that clients see. */
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

/** One of Nova's requests on an existing server that change something. */
export interface NovaAction {
  /** Nova's instance action (nova/compute/instance_actions.py); where it writes none, the API's name. */
  task: string;
  /** Whether everything is done when it is answered with a 2xx. @default false */
  doneWhenAnswered?: boolean;
  /** How its end is seen in Nova. @default it is not known here */
  ending?: Ending;
  /**
   * What Nova may keep of it at the least: its action without events; or nothing, when it writes no action, or one only if
   * something changes. @default the events of its `ending`
   */
  leaves?: 'action' | 'nothing';
  /** Status of the answer. @default 202 */
  status?: 200 | 201 | 202 | 204;
  /** Whether administrators alone may do it, by the defaults of Nova's policy. @default false */
  adminOnly?: boolean;
}

/** One that the simulated cloud has as well, and how it is answered and refused there and in Nova. */
export interface ServerAction extends NovaAction {
  status: 200 | 202 | 204;
  /** The states that allow it (nova/compute/api.py, `check_instance_state`); without: all. */
  vmStates?: readonly VmState[];
  /** Whether it is allowed while another operation is under way. @default false */
  whileBusy?: boolean;
  /** What it acts on, beside the server. @default nothing else */
  resource?: 'image' | 'network' | 'volume';
}

/** How the end of an action is known (nova/compute/manager.py, `wrap_instance_event`). */
export interface Ending {
  /** The step that ends it, or the one of these that there is. */
  finalEvents: readonly string[];
  /** States of a server (`vm_state`) in which it has ended well, when no event says so. */
  endsIn?: readonly string[];
  /** Whether it has not ended before the server is idle. @default false */
  whenIdle?: boolean;
  /** Whether Nova keeps a `task_state` while it works at it. @default true */
  showsTaskState?: boolean;
  /** How long Nova may be silent about it and still be at it, in milliseconds. @default by `showsTaskState` */
  quietMs?: number;
}
