import type { TaskView } from '../tasks/task.view.js';
import { TASK_STATES } from '../tasks/task.states.js';

/** The properties of a task, as `taskView` shows it. */
export const TASK_PROPERTIES: Readonly<Record<string, object>> = {
  uuid: { type: 'string', format: 'uuid' },
  task: { type: 'string', description: 'What is done.' },
  state: {
    type: 'string',
    enum: [...TASK_STATES],
    description:
      'pending: recorded, not answered yet; processing: accepted and under way; success, failure: ended; ' +
      'unknown: whether it was accepted is being found out.',
  },
  accepted: {
    type: 'boolean',
    nullable: true,
    description:
      'true: the same request under the same tag is refused; false: it was not accepted, and may be sent again; ' +
      'null: that is being found out, or it failed and has no tag.',
  },
  resource: {
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'What it acts on: kind and id.',
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
    description: 'Why it failed: an HTTP status, and a text.',
    properties: { code: { type: 'integer' }, message: { type: 'string' } },
  },
} satisfies Record<keyof TaskView, object>;
