import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiConflictResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { ACTION_BODIES, CREATE_BODY, INTERFACE_BODY, SWAP_BODY, VOLUME_BODY } from './openapi.examples.js';
import { FAULT_EXAMPLE, REFUSAL_SCHEMA, TAG_HEADER, TASK_TAG_ECHO } from './openapi.schemas.js';

type Request =
  | 'create'
  | 'delete'
  | 'action'
  | 'attachInterface'
  | 'detachInterface'
  | 'attachVolume'
  | 'swapVolume'
  | 'detachVolume';

interface Description {
  summary: string;
  status: number;
  subresource?: string;
  body?: object;
  required?: boolean;
}

const DESCRIPTIONS: Record<Request, Description> = {
  create: { summary: 'Create a server', status: 202, body: CREATE_BODY },
  delete: { summary: 'Delete a server', status: 204 },
  action: { summary: 'Act on a server: start, stop, reboot, resize …', status: 202, body: ACTION_BODIES },
  attachInterface: { summary: 'Attach a network interface', status: 200, body: INTERFACE_BODY },
  detachInterface: { summary: 'Detach a network interface', status: 202, subresource: 'Id of the port' },
  attachVolume: { summary: 'Attach a volume', status: 200, body: VOLUME_BODY },
  swapVolume: {
    summary: 'Replace an attached volume',
    status: 202,
    subresource: 'Id of the volume',
    body: SWAP_BODY,
  },
  detachVolume: { summary: 'Detach a volume', status: 202, subresource: 'Id of the volume' },
};

/** Describes a task-enabled request: the tag, its echo, and the refusal. */
export function ApiTaskEnabled(request: Request): MethodDecorator {
  const { summary, status, subresource, body } = DESCRIPTIONS[request];
  const decorators = [
    ApiOperation({
      summary,
      description:
        'Recorded as a task before it is carried out. With a tag, the same request is carried out once.',
    }),
    ApiHeader(TAG_HEADER),
    ApiResponse({
      status,
      description: 'Accepted by the compute service: its own answer.',
      headers: TASK_TAG_ECHO,
    }),
    ApiConflictResponse({
      description:
        'The same request is already accepted under this tag; or the state of the server forbids it.',
      headers: TASK_TAG_ECHO,
      schema: REFUSAL_SCHEMA,
    }),
    ApiResponse({ status: 400, description: 'Something in the request is wrong.', schema: FAULT_EXAMPLE }),
    ApiUnauthorizedResponse({ description: 'The token is missing or not valid.' }),
  ];
  if (request !== 'create') {
    decorators.push(
      ApiParam({ name: 'id', description: 'Id of the server', schema: { type: 'string', format: 'uuid' } }),
      ApiNotFoundResponse({ description: 'This project has no such server.' }),
    );
  }
  if (subresource !== undefined) decorators.push(ApiParam({ name: 'subresource', description: subresource }));
  if (body !== undefined) decorators.push(ApiBody(body));
  return applyDecorators(...decorators);
}

/** Describes `GET /servers/{tag-or-id}`. */
export function ApiShowServer(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Show a server, by its id or by the tag of the request that made it' }),
    ApiParam({ name: 'key', description: 'Id of a server, or a tag whose tasks name one server' }),
    ApiOkResponse({ description: 'The server.', headers: TASK_TAG_ECHO }),
    ApiNotFoundResponse({ description: 'Neither a server nor a tag of this project.' }),
    ApiConflictResponse({ description: 'The tag stands for several servers; the fault lists their ids.' }),
  );
}
