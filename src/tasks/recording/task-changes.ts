import { subjectOf } from '../subject.js';
import type { Task } from '../task.entity.js';
import { LOOK_AGAIN_MS, type Outcome } from '../task.states.js';
import type { TasksOptions } from '../tasks.options.js';

/** The most characters of a fault's text that are stored: they fit into a text column of every database. */
const MAX_MESSAGE = 16_000;

/** The changes that an outcome makes to a task. Columns that are left out keep their values. */
export function changesOf(outcome: Outcome, options: Pick<TasksOptions, 'now' | 'subject'>): Partial<Task> {
  const now = options.now();
  const changes: Partial<Task> = { lastUpdated: now, nextLook: null };
  if (outcome.requestId !== undefined) changes.requestId = outcome.requestId;
  if ('resource' in outcome && outcome.resource != null) {
    changes.resource = outcome.resource;
    const subject = subjectOf(outcome.resource, options);
    if (subject !== null) changes.subject = subject;
  }
  if ('fault' in outcome) {
    changes.faultCode = outcome.fault.code;
    // PostgreSQL accepts no NUL in a text.
    changes.faultMessage = outcome.fault.message.slice(0, MAX_MESSAGE).replaceAll('\0', '');
  }
  switch (outcome.state) {
    case 'rejected':
      changes.state = 'failure';
      changes.duplicateKey = null;
      break;
    case 'processing':
      changes.state = 'processing';
      changes.nextLook = Math.round(outcome.lookAgainAt ?? now + LOOK_AGAIN_MS);
      break;
    case 'unknown':
      changes.state = 'unknown';
      changes.nextLook = now;
      break;
    default:
      changes.state = outcome.state;
  }
  return changes;
}
