import { applyDecorators } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
} from '@nestjs/swagger';
import { TASK_STATES } from '../tasks/task.states.js';
import {
  EXAMPLE_TAG,
  faultSchema,
  TASK_ENVELOPE,
  TASK_LIST_SCHEMA,
  TASK_TAG_ECHO,
} from './openapi.schemas.js';

const KEY = ApiParam({
  name: 'key',
  description: 'A tag, or the id of a server',
  example: EXAMPLE_TAG,
});
const UUID = ApiParam({
  name: 'uuid',
  description: 'Id of the task',
  schema: { type: 'string', format: 'uuid' },
});
const NOT_FOUND = ApiNotFoundResponse({
  description:
    'Nothing of this project. Of a tag it is a fact: no request was accepted under it as of this read.',
});

const LIST = [
  ApiQuery({
    name: 'limit',
    required: false,
    schema: { type: 'integer', minimum: 0 },
    description: 'At most 1000.',
  }),
  ApiQuery({ name: 'marker', required: false, description: 'The last task of the page before.' }),
  ApiQuery({ name: 'state', required: false, enum: TASK_STATES, isArray: true }),
  ApiQuery({ name: 'task', required: false, description: 'Name of the task, such as create.' }),
  ApiQuery({ name: 'changes-since', required: false, description: 'Last updated then or later (ISO 8601).' }),
  ApiBadRequestResponse({
    description: 'A parameter is wrong or not known.',
    schema: faultSchema(
      'badRequest',
      400,
      'Invalid input for query parameters limit. Value: x. It must be a whole number.',
    ),
  }),
];

/** Describes `GET /servers/{tag-or-id}/tasks`. */
export function ApiServerTasks(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'List the tasks of a tag or of a server, newest first' }),
    KEY,
    ...LIST,
    ApiOkResponse({ description: 'The tasks.', headers: TASK_TAG_ECHO, schema: TASK_LIST_SCHEMA }),
    NOT_FOUND,
  );
}

/** Describes `GET /servers/{tag-or-id}/tasks/{uuid}`. */
export function ApiServerTask(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Show one task of a tag or of a server' }),
    KEY,
    UUID,
    ApiOkResponse({ description: 'The task.', headers: TASK_TAG_ECHO, schema: TASK_ENVELOPE }),
    NOT_FOUND,
  );
}

/** Describes `GET /tasks`. */
export function ApiProjectTasks(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'List the tasks of the project, newest first' }),
    ApiQuery({ name: 'tag', required: false, description: 'The tag, also one that does not fit in a path.' }),
    ApiQuery({
      name: 'request_id',
      required: false,
      description: "The answer's request id, or the one you sent.",
    }),
    ApiQuery({ name: 'server', required: false, description: 'Id of a server.' }),
    ApiQuery({
      name: 'all_tenants',
      required: false,
      description: '1: of all projects; for administrators.',
    }),
    ...LIST,
    ApiOkResponse({ description: 'The tasks.', schema: TASK_LIST_SCHEMA }),
    ApiForbiddenResponse({ description: 'all_tenants is for administrators.' }),
  );
}

/** Describes `GET /tasks/{uuid}`. */
export function ApiTask(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Show one task' }),
    UUID,
    ApiOkResponse({ description: 'The task.', schema: TASK_ENVELOPE }),
    NOT_FOUND,
  );
}
