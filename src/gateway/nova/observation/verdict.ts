import type { Fault } from '../../../tasks/task.states.js';

/** The state of an accepted request according to Nova's data. */
export type Verdict = { is: 'success' } | { is: 'failure'; fault: Fault } | { is: 'busy' };

export const SUCCESS: Verdict = { is: 'success' };
export const BUSY: Verdict = { is: 'busy' };

export function failure(message: string, code = 500): Verdict {
  return { is: 'failure', fault: { code, message } };
}
