import {
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import { LONGEST_SUBJECT } from '../tasks/subject.js';
import { TASK_STATES } from '../tasks/task.states.js';
import { LONGEST_WAIT_S } from '../tasks/waiting/asked-wait.js';
import { errorSchema } from './error.schema.js';
import { RecordedTask } from './recorded-task.js';

const task = { $ref: getSchemaPath(RecordedTask) };

const WAIT = [
  ApiQuery({
    name: 'wait',
    required: false,
    schema: { type: 'integer', minimum: 0, maximum: LONGEST_WAIT_S },
    description:
      'Answer once all these tasks have ended, also those still to arrive; after so many seconds at the latest, ' +
      'with the tasks as they are then and `Retry-After`.',
  }),
  ApiHeader({
    name: 'Prefer',
    required: false,
    schema: { type: 'string' },
    description:
      '`wait=30`: the same (RFC 7240). The answer confirms it by `Preference-Applied`. `wait` wins.',
  }),
];

/** The headers of an answer. */
const WAITED = {
  'retry-after': {
    description: 'After a wait: tasks are still open, or none has arrived. In seconds.',
    schema: { type: 'integer' as const },
  },
  'preference-applied': {
    description: 'How long it would have waited, by `Prefer`.',
    schema: { type: 'string' as const },
  },
};

/** Descriptions of the controller's methods. */
const DESCRIPTIONS: Record<string, MethodDecorator[]> = {
  list: [
    ApiOperation({ summary: 'List tasks, newest first; with `tag`, the requests under that tag' }),
    ApiQuery({
      name: 'tag',
      required: false,
      schema: { type: 'string', maxLength: 255 },
      description: 'The tag. An empty list is proof: nothing was accepted under it.',
    }),
    ApiQuery({
      name: 'q',
      required: false,
      schema: { type: 'string', minLength: 1, maxLength: 255 },
      description:
        'What a tag, or the id of a task, a subject, a request or a user begins with; any of them counts.',
    }),
    ...['since', 'until'].map((name) =>
      ApiQuery({
        name,
        required: false,
        schema: { type: 'string', format: 'date-time' },
        description: `Started then or ${name === 'since' ? 'later' : 'earlier'}.`,
      }),
    ),
    ApiQuery({
      name: 'counts',
      required: false,
      schema: { type: 'string', enum: ['true', 'false'] },
      description: 'true: also count the tasks of each state, whatever `state` says.',
    }),
    ApiQuery({
      name: 'subject',
      required: false,
      schema: { type: 'string', minLength: 1, maxLength: LONGEST_SUBJECT },
      description: 'What the tasks are about: the id of something that they made or changed.',
    }),
    ApiQuery({
      name: 'state',
      required: false,
      explode: true,
      schema: { type: 'array', items: { type: 'string', enum: [...TASK_STATES] } },
    }),
    ApiQuery({
      name: 'task',
      required: false,
      schema: { type: 'string' },
      description: 'Name of the action.',
    }),
    ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 0, maximum: 1000 } }),
    ApiQuery({
      name: 'marker',
      required: false,
      schema: { type: 'string', format: 'uuid' },
      description: 'The last task of the previous page.',
    }),
    ...WAIT,
    ApiResponse({
      status: 200,
      description: 'The tasks, and the link to the next page, if there is one.',
      headers: WAITED,
      schema: {
        type: 'object',
        required: ['tasks', 'tasks_links'],
        properties: {
          tasks: { type: 'array', items: task },
          tasks_links: {
            type: 'array',
            items: {
              type: 'object',
              properties: { rel: { type: 'string', enum: ['next'] }, href: { type: 'string' } },
            },
          },
          counts: {
            type: 'object',
            description: 'With `counts=true`: how many tasks there are of each state.',
            properties: Object.fromEntries(TASK_STATES.map((state) => [state, { type: 'integer' }])),
          },
          counts_limit: { type: 'integer', description: 'No count goes further.' },
        },
      },
    }),
    ApiResponse({
      status: 400,
      description: 'A parameter is unknown, given twice, or invalid.',
      schema: errorSchema(400, ['INVALID_QUERY', 'INVALID_TAG', 'UNKNOWN_MARKER']),
    }),
  ],
  show: [
    ApiOperation({ summary: 'One task' }),
    ApiParam({ name: 'uuid', schema: { type: 'string', format: 'uuid' } }),
    ...WAIT,
    ApiResponse({
      status: 200,
      description: 'The task.',
      headers: WAITED,
      schema: { type: 'object', required: ['task'], properties: { task } },
    }),
    ApiResponse({
      status: 400,
      description: 'No uuid, or `wait` is wrong.',
      schema: errorSchema(400, ['INVALID_QUERY']),
    }),
    ApiResponse({
      status: 404,
      description: 'There is no such task, or it belongs to another tenant.',
      schema: errorSchema(404, ['TASK_NOT_FOUND']),
    }),
  ],
};

/**
 * Describes the controller that the module adds: `controller: { path: 'tasks', decorators: [ApiTasks()] }`.
 *
 * @throws TypeError on any other class
 */
export function ApiTasks(): ClassDecorator {
  return (controller) => {
    const prototype = controller.prototype as object;
    for (const [name, decorators] of Object.entries(DESCRIPTIONS)) {
      const method = Object.getOwnPropertyDescriptor(prototype, name);
      if (method === undefined)
        throw new TypeError('@ApiTasks() can only describe the controller that the module adds.');
      for (const decorate of decorators) decorate(prototype, name, method);
    }
    ApiExtraModels(RecordedTask)(controller);
  };
}
