import type { Statement } from '../../../../storage/statement.js';
import type { Resource } from '../../../../tasks/task.states.js';
import type { ComputeRequest } from '../../../../compute/compute.service.js';
import type { OperationDetail } from '../operations/operation.entity.js';
import type { SimulatedServer } from '../server.entity.js';

/** What an action does besides setting its task_state: most do nothing else. */
export interface Effect {
  changes?: Partial<SimulatedServer>;
  headers?: Record<string, string>;
  body?: unknown;
  detail?: OperationDetail;
  /** What it acts on, beside the server. */
  resource?: Resource;
  statements?: Statement[];
}

/**
 * Decides the effect of one action, on a server whose state allows it. The body has been checked against its schema.
 * Throws an `ApiError` when the request cannot be carried out.
 */
export type EffectOf = (request: ComputeRequest, server: SimulatedServer) => Effect | Promise<Effect>;
