import type { VmState } from '../../../../compute/actions/server-action.js';
import type { SimulatedServer, ServerData } from '../server.entity.js';
import type { OperationDetail } from './operation.entity.js';

/** Nova's power states (nova/compute/power_state.py). */
const POWER: Partial<Record<VmState, number>> = {
  active: 1,
  paused: 3,
  stopped: 4,
  suspended: 4,
  rescued: 1,
  resized: 1,
  shelved: 4,
  shelved_offloaded: 4,
  error: 0,
};

/** A server's states during and after an operation. */
interface Simulation {
  /** task_state from the acceptance to the end. @default none */
  during?: string;
  /** The task_state of a second step; then it takes as long again. @default one step */
  midway?: { vmState: VmState; taskState: string };
  /** vm_state after it; depends on the server before it, where that matters. @default unchanged */
  after?: VmState | ((server: SimulatedServer) => VmState);
  /** Other changes on success. */
  succeed?: (data: ServerData, detail: OperationDetail, now: number) => Partial<ServerData>;
  /** vm_state after a failure. @default unchanged */
  afterFailure?: VmState;
}

/** The operations by Nova's instance action. */
const SIMULATIONS: Readonly<Record<string, Simulation>> = {
  create: {
    during: 'spawning',
    after: 'active',
    afterFailure: 'error',
    succeed: (_data, _detail, now) => ({ launchedAt: now }),
  },
  delete: {
    during: 'deleting',
    after: 'deleted',
    succeed: (_data, _detail, now) => ({ terminatedAt: now, tags: [], ports: [], volumes: [] }),
  },
  start: { during: 'powering-on', after: 'active' },
  stop: { during: 'powering-off', after: 'stopped' },
  reboot: { during: 'rebooting', after: 'active' },
  pause: { during: 'pausing', after: 'paused' },
  unpause: { during: 'unpausing', after: 'active' },
  suspend: { during: 'suspending', after: 'suspended' },
  resume: { during: 'resuming', after: 'active' },
  rebuild: {
    during: 'rebuilding',
    after: ({ vmState }) => (vmState === 'stopped' ? 'stopped' : 'active'),
    afterFailure: 'error',
    succeed: (_data, _detail, now) => ({ launchedAt: now }),
  },
  resize: {
    during: 'resize_prep',
    after: 'resized',
    succeed: ({ resizedFrom, flavorId }) => ({ flavorId: resizedFrom?.newFlavorId ?? flavorId }),
  },
  confirmResize: { after: beforeResize, succeed: () => ({ resizedFrom: null }) },
  revertResize: {
    during: 'resize_reverting',
    after: beforeResize,
    succeed: ({ resizedFrom, flavorId }) => ({
      resizedFrom: null,
      flavorId: resizedFrom?.flavorId ?? flavorId,
    }),
  },
  rescue: { during: 'rescuing', after: 'rescued' },
  unrescue: { during: 'unrescuing', after: 'active' },
  // Nova's default: a shelved server leaves its host at once.
  shelve: {
    during: 'shelving',
    midway: { vmState: 'shelved', taskState: 'shelving_offloading' },
    after: 'shelved_offloaded',
  },
  shelveOffload: { during: 'shelving_offloading', after: 'shelved_offloaded' },
  unshelve: { during: 'unshelving', after: 'active' },
  createImage: { during: 'image_snapshot' },
  detach_interface: {
    succeed: ({ ports }, { portId }) => ({ ports: ports.filter((port) => port.portId !== portId) }),
  },
  detach_volume: {
    succeed: ({ volumes }, { volumeId }) => ({
      volumes: volumes.filter((volume) => volume.volumeId !== volumeId),
    }),
  },
  swap_volume: {
    succeed: ({ volumes }, { volumeId, newVolumeId }) => ({
      volumes: volumes.map((volume) =>
        volume.volumeId === volumeId ? { ...volume, volumeId: newVolumeId ?? volumeId } : volume,
      ),
    }),
  },
};

/** The task_state of a server during an operation. */
export function taskStateDuring(task: string): string | null {
  return SIMULATIONS[task]?.during ?? null;
}

/** The changes to the server at the end of an operation's first step; `null` if no step follows. */
export function midwayOf(
  task: string,
  server: SimulatedServer,
  now: number,
): Partial<SimulatedServer> | null {
  const { midway } = SIMULATIONS[task] ?? {};
  if (midway === undefined || server.taskState === midway.taskState) return null;
  const powerState = POWER[midway.vmState] ?? server.data.powerState;
  return { ...midway, updatedAt: now, data: { ...server.data, powerState } };
}

/** The changes to the server at an operation's end. */
export function endOf(
  task: string,
  server: SimulatedServer,
  detail: OperationDetail,
  fault: string | null,
  now: number,
): Partial<SimulatedServer> {
  const simulation = SIMULATIONS[task] ?? {};
  const taskState = simulation.during === undefined ? server.taskState : null;
  if (fault !== null) {
    const vmState = simulation.afterFailure ?? server.vmState;
    const data: ServerData = {
      ...server.data,
      resizedFrom: task === 'resize' ? null : server.data.resizedFrom,
      // It was never attached to a network.
      ...(task === 'create' && { ports: [] }),
    };
    if (vmState === 'error') {
      data.fault = { code: 500, message: fault, created: now };
      data.powerState = 0;
    }
    return { taskState, vmState, updatedAt: now, data };
  }
  const { after = server.vmState } = simulation;
  const vmState = typeof after === 'function' ? after(server) : after;
  return {
    taskState,
    vmState,
    updatedAt: now,
    data: {
      ...server.data,
      ...simulation.succeed?.(server.data, detail, now),
      powerState: POWER[vmState] ?? server.data.powerState,
      fault: vmState === 'error' ? server.data.fault : null,
    },
  };
}

/**
 * Why an operation fails; `null` if it succeeds. Users choose by the server's metadata `simulate=fail`. A delete always
 * succeeds, or such a server could not be removed.
 */
export function simulatedFault(task: string, { data }: SimulatedServer): string | null {
  if (data.metadata['simulate'] !== 'fail' || task === 'delete') return null;
  return task === 'create'
    ? 'No valid host was found. The metadata simulate=fail asks for this.'
    : `The ${task} failed. The metadata simulate=fail asks for this.`;
}

function beforeResize({ data }: SimulatedServer): VmState {
  return data.resizedFrom?.vmState ?? 'active';
}
