import { applyDecorators } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiForbiddenResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  type ApiQueryOptions,
} from '@nestjs/swagger';
import { TASK_STATES } from '../../tasks/task.states.js';
import { LONGEST_WAIT_S } from '../../tasks/waiting/asked-wait.js';
import {
  EXAMPLE_TAG,
  faultSchema,
  TASK_ENVELOPE,
  COUNTED_LIST_SCHEMA,
  TASK_LIST_SCHEMA,
  TASK_TAG_FOUND,
} from './openapi.schemas.js';

const KEY = ApiParam({
  name: 'key',
  description: 'A tag, or the id of a server',
  type: String,
  example: EXAMPLE_TAG,
});
const UUID = ApiParam({
  name: 'uuid',
  description: 'Id of the task',
  schema: { type: 'string', format: 'uuid' },
});
const NOT_FOUND = ApiNotFoundResponse({
  description:
    'This project has nothing by that name. For a tag this is proof: no request was accepted under it as of this ' +
    'read, or, if tasks are kept for a limited time, its tasks expired: then the message mentions that.',
});

const WAIT = [
  query(
    'wait',
    'Answer once every task found has ended, also those still to arrive; after so many seconds at the latest, ' +
      'with the tasks as they are then and `Retry-After`.',
    { schema: { type: 'integer', minimum: 0, maximum: LONGEST_WAIT_S } },
  ),
  ApiHeader({
    name: 'Prefer',
    required: false,
    description:
      '`wait=30`: the same (RFC 7240). The answer confirms it by `Preference-Applied`. `wait` wins.',
    schema: { type: 'string' },
  }),
];

/** The headers of an answer to a look-up that waited. */
const WAITED = {
  'retry-after': {
    description: 'After a wait: tasks are still open, or none has arrived. In seconds.',
    schema: { type: 'integer' },
  },
  'preference-applied': {
    description: 'How long it would have waited, by `Prefer`.',
    schema: { type: 'string' },
  },
};

const LIST = [
  ...WAIT,
  query('limit', 'At most 1000.', { schema: { type: 'integer', minimum: 0 } }),
  query('marker', 'The last task of the previous page.'),
  query('state', 'One state or several.', { enum: TASK_STATES, isArray: true }),
  query('task', 'Name of the task, such as create.'),
  query('changes-since', 'Last updated at that time or later (ISO 8601).'),
  ApiBadRequestResponse({
    description: 'A parameter is wrong or unknown.',
    schema: faultSchema(
      'badRequest',
      400,
      'Invalid input for query parameters limit. Value: x. It must be a whole number.',
    ),
  }),
];

const WRONG_WAIT = ApiBadRequestResponse({
  description: '`wait` is wrong.',
  schema: faultSchema(
    'badRequest',
    400,
    'Invalid input for query parameters wait. Value: x. It must be a whole number of seconds, from 0 to 60.',
  ),
});

/** Describes `GET /servers/{tag-or-id}/tasks`. */
export function ApiServerTasks(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'List the tasks of a tag or of a server, newest first' }),
    KEY,
    ...LIST,
    ApiOkResponse({
      description: 'The tasks.',
      headers: { ...TASK_TAG_FOUND, ...WAITED },
      schema: TASK_LIST_SCHEMA,
    }),
    NOT_FOUND,
  );
}

/** Describes `GET /servers/{tag-or-id}/tasks/{uuid}`. */
export function ApiServerTask(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Show one task of a tag or of a server' }),
    KEY,
    UUID,
    ...WAIT,
    WRONG_WAIT,
    ApiOkResponse({
      description: 'The task.',
      headers: { ...TASK_TAG_FOUND, ...WAITED },
      schema: TASK_ENVELOPE,
    }),
    NOT_FOUND,
  );
}

/** Describes `GET /tasks`. */
export function ApiProjectTasks(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'List the tasks of the project, newest first' }),
    query(
      'q',
      'What a tag, or the id of a task, a server, a request or a user begins with; any of them counts.',
      {
        schema: { type: 'string', minLength: 1, maxLength: 255 },
      },
    ),
    query('since', 'Started then or later (ISO 8601).'),
    query('until', 'Started then or earlier (ISO 8601).'),
    query('counts', 'true: also count the tasks of each state, whatever `state` says.', {
      schema: { type: 'string', enum: ['true', 'false'] },
    }),
    query('tag', 'The tag; also one that does not fit in a path.'),
    query('request_id', "The answer's request id, or the one you sent."),
    query('server', 'Id of a server.'),
    query('all_tenants', '1: tasks of all projects; for administrators only.'),
    ...LIST,
    ApiOkResponse({
      description:
        'The tasks. A page may be short, or empty, and still have a link to the next one: a search looks through a limited ' +
        'number of tasks at a time.',
      headers: WAITED,
      schema: COUNTED_LIST_SCHEMA,
    }),
    ApiForbiddenResponse({ description: 'all_tenants is for administrators only.' }),
  );
}

/** Describes `GET /tasks/{uuid}`. */
export function ApiTask(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Show one task' }),
    UUID,
    ...WAIT,
    WRONG_WAIT,
    ApiOkResponse({ description: 'The task.', headers: WAITED, schema: TASK_ENVELOPE }),
    NOT_FOUND,
  );
}

/** An optional query parameter. */
function query(name: string, description: string, more: Partial<ApiQueryOptions> = {}): MethodDecorator {
  return ApiQuery({ name, description, required: false, type: String, ...more });
}
