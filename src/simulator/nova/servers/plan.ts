import type { Statement } from '../../../storage/statement.js';
import type { Resource } from '../../../tasks/task.states.js';
import { operationId } from './operations/operation-store.js';
import type { SimulatedOperation, OperationDetail } from './operations/operation.entity.js';

/** The effect of accepting a request: its writes and its answer. Nothing is done yet. */
export interface Plan {
  status: number;
  headers: Record<string, string>;
  body: unknown;
  doneWhenAnswered: boolean;
  operations: NewOperation[];
  /** The changes to servers, and related writes. */
  statements: Statement[];
}

export type NewOperation = Omit<SimulatedOperation, 'state' | 'dueAt' | 'fault'>;

/** The n-th operation of a task, on one server. */
export function newOperation(
  { taskUuid, task }: { taskUuid: string; task: string },
  n: number,
  serverId: string,
  resource: Resource,
  detail: OperationDetail = {},
): NewOperation {
  return { id: operationId(taskUuid, n), taskUuid, task, serverId, resource, detail };
}
