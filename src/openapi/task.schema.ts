import type { TaskView } from '../tasks/task.view.js';
import { TASK_STATES } from '../tasks/task.states.js';

/** The properties of a task, as `taskView` shows it. */
export const TASK_PROPERTIES: Record<keyof TaskView, object> = {
  uuid: { type: 'string', format: 'uuid' },
  task: { type: 'string', description: 'What is done.' },
  state: {
    type: 'string',
    enum: [...TASK_STATES],
    description:
      'pending: recorded, not answered yet; processing: accepted and under way; success, failure: ended; ' +
      'unknown: whether it was accepted is being found out.',
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
    description:
      'Why it failed. A code below 500: it was never accepted, and may be sent again under the same tag.',
    properties: { code: { type: 'integer' }, message: { type: 'string' } },
  },
};
