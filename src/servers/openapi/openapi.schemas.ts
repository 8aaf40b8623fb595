import type { ApiHeaderOptions, ApiParamOptions } from '@nestjs/swagger';
import { FOUND_TASK_PROPERTIES, TASK_PROPERTIES } from '../../openapi/task.schema.js';
import { COUNTS_LIMIT } from '../../tasks/searching/task-lists.js';
import { ABANDONED } from '../../tasks/task.errors.js';
import { TASK_STATES } from '../../tasks/task.states.js';
import type { FoundTaskView, TaskView } from '../../tasks/task.view.js';

/** The tag of the examples. */
export const EXAMPLE_TAG = 'my first server';

const TASK_EXAMPLE: TaskView = {
  uuid: '0197a3a0-7f3e-7c41-9a52-6f1d5b1c2e90',
  task: 'create',
  state: 'success',
  accepted: true,
  ended: true,
  resource: { server: '4f8e0c5c-7d5b-4d0f-b7a4-0d8ec1f5c7b1' },
  request_id: 'req-6c0ff5be-7f4d-4d5c-9c7e-0e6f0f5b7a11',
  user_id: 'alice',
  project_id: 'demo',
  start_time: '2026-01-31T12:00:00.000Z',
  last_updated: '2026-01-31T12:00:02.013Z',
  tag: EXAMPLE_TAG,
  fault: null,
  resolved: null,
  sent_at: '2026-01-31T12:00:00.004Z',
  answered_at: '2026-01-31T12:00:00.312Z',
  ended_at: '2026-01-31T12:00:02.013Z',
  observation: null,
};

const FOUND_TASK_EXAMPLE: FoundTaskView = {
  ...TASK_EXAMPLE,
  expires_at: null,
  duplicates: { refused: 1, answered: 0, last_at: '2026-01-31T12:00:01.500Z' },
};

/** A task, as refusals show it: only look-ups know its duplicates, and when it will be removed. */
export const TASK_SCHEMA = schemaOf(TASK_PROPERTIES, TASK_EXAMPLE);

const FOUND_TASK_SCHEMA = schemaOf(FOUND_TASK_PROPERTIES, FOUND_TASK_EXAMPLE);

/** One task in its envelope. */
export const TASK_ENVELOPE = { type: 'object', properties: { task: FOUND_TASK_SCHEMA } };

/** A page of tasks. */
export const TASK_LIST_SCHEMA = {
  type: 'object',
  properties: {
    tasks: { type: 'array', items: FOUND_TASK_SCHEMA },
    tasks_links: {
      type: 'array',
      description: 'The link to the next page; empty on the last one.',
      items: { type: 'object', properties: { rel: { type: 'string' }, href: { type: 'string' } } },
      example: [],
    },
  },
};

/** A page of tasks, perhaps with their counts. */
export const COUNTED_LIST_SCHEMA = {
  ...TASK_LIST_SCHEMA,
  properties: {
    ...TASK_LIST_SCHEMA.properties,
    counts: {
      type: 'object',
      description: 'With `counts=true`: how many tasks there are of each state.',
      properties: Object.fromEntries(TASK_STATES.map((state) => [state, { type: 'integer' }])),
    },
    counts_limit: { type: 'integer', description: 'No count goes further.', example: COUNTS_LIMIT },
  },
};

/** The answer to a request that was accepted already. */
export const REFUSAL_SCHEMA = {
  type: 'object',
  properties: {
    conflictingRequest: {
      type: 'object',
      properties: {
        code: { type: 'integer', example: 409 },
        message: { type: 'string', example: 'That request is already accepted' },
        task: {
          ...TASK_SCHEMA,
          description:
            'The first request. Look it up for its `duplicates` and `expires_at`, which a refusal does not show.',
        },
      },
    },
  },
};

/** The answer to a request whose tag was abandoned. */
export const ABANDONED_SCHEMA = {
  type: 'object',
  properties: {
    gone: {
      type: 'object',
      properties: {
        code: { type: 'integer', example: 410 },
        message: { type: 'string', example: ABANDONED },
        task: { ...TASK_SCHEMA, example: undefined, description: 'The abandonment.' },
      },
    },
  },
};

/** The answer to a create, as Nova gives it. */
export const CREATED_SCHEMA = {
  type: 'object',
  example: {
    server: {
      id: '4f8e0c5c-7d5b-4d0f-b7a4-0d8ec1f5c7b1',
      links: [{ rel: 'self', href: '/v3/servers/4f8e0c5c-7d5b-4d0f-b7a4-0d8ec1f5c7b1' }],
      'OS-DCF:diskConfig': 'MANUAL',
      security_groups: [{ name: 'default' }],
      adminPass: 'shown only here, and never recorded',
    },
  },
};

/** An error in Nova's shape. */
export function faultSchema(name: string, code: number, message: string): object {
  return { type: 'object', example: { [name]: { code, message } } };
}

/** The `{id}` of routes that take only a server's id. */
export const SERVER_ID: ApiParamOptions = {
  name: 'id',
  description: 'Id of the server, as in the answer to its create and in the list of servers',
  schema: { type: 'string', format: 'uuid' },
};

/** The header of a tagged request. */
export const TAG_HEADER: ApiHeaderOptions = {
  name: 'Task-tag',
  required: false,
  description:
    'Any 1 to 255 bytes of your choice. The same request under the same tag is carried out once. Leave it empty ' +
    'for a request that you may want to send several times.',
  schema: { type: 'string', maxLength: 255 },
};

/** The header by which a request chooses its answer if it was accepted before. */
export const DUPLICATES_HEADER: ApiHeaderOptions = {
  name: 'Task-duplicates',
  required: false,
  description:
    'The answer if the request was accepted before under its tag: `refuse`, 409 with its task; `answer`, what the first ' +
    'one got, with `Task-replayed: true`, but no password. The setting `DUPLICATES` says what holds without it.',
  schema: { type: 'string', enum: ['refuse', 'answer'] },
};

/** The header of an answer that the first request got before. */
export const TASK_REPLAYED = {
  'task-replayed': {
    description: '`true` if this is the answer to an earlier request, made again from its task.',
    schema: { type: 'string' },
  },
};

/** The header of an answer in which a tag took effect. */
export const TASK_TAG_ECHO = {
  'task-tag': { description: 'The tag, if the request had one.', schema: { type: 'string' } },
};

/** The header of an answer to a look-up by tag. */
export const TASK_TAG_FOUND = {
  'task-tag': {
    description: 'The tag, if it was found by a tag rather than an id.',
    schema: { type: 'string' },
  },
};

function schemaOf(properties: Readonly<Record<string, object>>, example: TaskView) {
  return {
    type: 'object',
    description: 'The record of one request that creates a server or acts on one.',
    properties: { ...properties, task: { type: 'string', description: "Nova's instance action." } },
    example,
  };
}
