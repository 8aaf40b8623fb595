import type { ComputeRequest } from '../../../../compute/compute.service.js';
import type { Statement } from '../../../../storage/statement.js';
import type { Resource } from '../../../../tasks/task.states.js';
import type { OperationDetail } from '../operations/operation.entity.js';
import type { SimulatedServer } from '../server.entity.js';

/** The effect of an action besides its task_state: most have no other. */
export interface Effect {
  changes?: Partial<SimulatedServer>;
  headers?: Record<string, string>;
  body?: unknown;
  detail?: OperationDetail;
  /** The object it acts on, besides the server. */
  resource?: Resource;
  statements?: Statement[];
}

/**
 * Decides the effect of one action, on a server whose state allows it. The body has been checked against its schema.
 * Throws an `ApiError` when the request cannot be carried out.
 */
export type EffectOf = (request: ComputeRequest, server: SimulatedServer) => Effect | Promise<Effect>;
