import type { Outcome } from '../../../../tasks/task.states.js';
import type { SimulatedOperation } from './operation.entity.js';

/** How long after its end an operation is looked at if no news of it has come; in milliseconds. */
const AFTER_END_MS = 1000;

/** A task's outcome by its operations: success when all of them have succeeded. */
export function outcomeOf(operations: SimulatedOperation[]): Outcome {
  const [first] = operations;
  if (first === undefined || first.state === 'refused') {
    return {
      state: 'rejected',
      fault: { code: 408, message: 'The request was not accepted in time. It may be sent again.' },
    };
  }
  const { resource } = first;
  const subjects = operations.map((operation) => operation.serverId ?? '');
  const running = operations.filter((operation) => operation.state === 'running');
  if (running.length > 0) {
    const ends = running.map((operation) => operation.dueAt ?? 0);
    return {
      state: 'processing',
      resource,
      subjects,
      lookAgainAt: Math.max(...ends, Date.now()) + AFTER_END_MS,
    };
  }
  const failed = operations.find((operation) => operation.state === 'failure');
  if (failed === undefined) return { state: 'success', resource, subjects };
  return {
    state: 'failure',
    resource,
    fault: { code: 500, message: failed.fault ?? 'The operation failed.' },
  };
}
