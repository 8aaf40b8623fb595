import { TASK_STATES } from '../tasks/task.states.js';
import type { FoundTaskView, TaskView } from '../tasks/task.view.js';

/** The properties of a task, as `taskView` returns them. */
export const TASK_PROPERTIES: Readonly<Record<string, object>> = {
  uuid: { type: 'string', format: 'uuid' },
  task: { type: 'string', description: 'Name of the action.' },
  state: {
    type: 'string',
    enum: [...TASK_STATES],
    description:
      'pending: recorded, not answered yet; processing: accepted and running; success, failure: ended; ' +
      'unknown: whether it was accepted is not known yet.',
  },
  accepted: {
    type: 'boolean',
    nullable: true,
    description:
      'true: the same request under the same tag is refused; false: it was not accepted, and may be sent again; ' +
      'null: not known yet, or it failed and has no tag.',
  },
  ended: {
    type: 'boolean',
    description: 'Whether it has ended, well or badly: its state does not change any more.',
  },
  resource: {
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'The object that it acts on: kind and id.',
  },
  request_id: { type: 'string', nullable: true },
  user_id: { type: 'string' },
  project_id: { type: 'string' },
  start_time: { type: 'string', format: 'date-time' },
  last_updated: { type: 'string', format: 'date-time' },
  tag: { type: 'string', nullable: true },
  fault: {
    type: 'object',
    nullable: true,
    description: 'The reason of a failure: an HTTP status and a text.',
    properties: { code: { type: 'integer' }, message: { type: 'string' } },
  },
  resolved: {
    type: 'object',
    nullable: true,
    description:
      'Who ended it by hand, when and why: an administrator who resolved it, or whoever abandoned the tag; ' +
      'null: nobody.',
    properties: {
      by: { type: 'string', description: "The user's id." },
      at: { type: 'string', format: 'date-time' },
      reason: { type: 'string', nullable: true },
    },
  },
  sent_at: time('When its request was handed on; null: it was not, or nobody knows.'),
  answered_at: time('When its answer was known; null: it has none yet, or it was lost.'),
  ended_at: time('When its state became final; null: it is open.'),
  observation: {
    type: 'object',
    nullable: true,
    description: 'The last look at an open task; null: there was none, or it has ended.',
    properties: {
      at: { type: 'string', format: 'date-time' },
      why: { type: 'string', description: 'Why it is still open, in a sentence for a person.' },
      next_at: time('When it will be looked at again.'),
    },
  },
} satisfies Record<keyof TaskView, object>;

/** The properties of a task, as look-ups show it: `foundTaskView` returns them. */
export const FOUND_TASK_PROPERTIES: Readonly<Record<string, object>> = {
  ...TASK_PROPERTIES,
  expires_at: time(
    'When it will be removed because of its age, or soon after; null: never, or it is open. Only look-ups show it, not refusals.',
  ),
  duplicates: {
    type: 'object',
    description:
      'The same requests that came later. A count may come a second late. Only look-ups show it, not refusals.',
    properties: {
      refused: { type: 'integer' },
      answered: { type: 'integer', description: "Those that got the first one's answer." },
      last_at: time('When the last one came.'),
    },
  },
} satisfies Record<Exclude<keyof FoundTaskView, keyof TaskView>, object>;

function time(description: string): object {
  return { type: 'string', format: 'date-time', nullable: true, description };
}
