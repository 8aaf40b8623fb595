import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  type ApiBodyOptions,
  ApiConflictResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import {
  ACTION_BODIES,
  CREATE_BODY,
  FORCE_BODY,
  INTERFACE_BODY,
  SHARE_BODY,
  SWAP_BODY,
  VOLUME_BODY,
} from './openapi.examples.js';
import {
  ABANDONED_SCHEMA,
  CREATED_SCHEMA,
  DUPLICATES_HEADER,
  EXAMPLE_TAG,
  faultSchema,
  REFUSAL_SCHEMA,
  SERVER_ID,
  TAG_HEADER,
  TASK_REPLAYED,
  TASK_TAG_ECHO,
  TASK_TAG_FOUND,
} from './openapi.schemas.js';

type Request =
  | 'create'
  | 'delete'
  | 'action'
  | 'attachInterface'
  | 'detachInterface'
  | 'attachVolume'
  | 'swapVolume'
  | 'detachVolume'
  | 'attachShare'
  | 'detachShare'
  | 'cancelLiveMigration'
  | 'forceLiveMigration';

interface Description {
  summary: string;
  /** The group in which the page shows it. @default servers */
  group?: string;
  /** The answer's status, and a note where it can differ. */
  status: number;
  answer?: string;
  subresource?: string;
  body?: ApiBodyOptions;
}

const ATTACHMENTS = 'interfaces and volumes';

const DESCRIPTIONS: Record<Request, Description> = {
  create: { summary: 'Create a server', status: 202, body: CREATE_BODY },
  delete: { summary: 'Delete a server', status: 204 },
  action: {
    summary: 'Act on a server: start, stop, reboot, resize …',
    status: 202,
    answer: 'Rescue is answered 200, confirmResize 204.',
    body: ACTION_BODIES,
  },
  attachInterface: {
    summary: 'Attach a network interface',
    group: ATTACHMENTS,
    status: 200,
    body: INTERFACE_BODY,
  },
  detachInterface: {
    summary: 'Detach a network interface',
    group: ATTACHMENTS,
    status: 202,
    subresource: 'Id of the port',
  },
  attachVolume: {
    summary: 'Attach a volume; the simulated cloud accepts any id',
    group: ATTACHMENTS,
    status: 200,
    body: VOLUME_BODY,
  },
  swapVolume: {
    summary: 'Replace an attached volume',
    group: ATTACHMENTS,
    status: 202,
    subresource: 'Id of the volume',
    body: SWAP_BODY,
  },
  detachVolume: {
    summary: 'Detach a volume',
    group: ATTACHMENTS,
    status: 202,
    subresource: 'Id of the volume',
  },
  attachShare: {
    summary: 'Attach a share (from microversion 2.97)',
    group: ATTACHMENTS,
    status: 201,
    body: SHARE_BODY,
  },
  detachShare: {
    summary: 'Detach a share (from microversion 2.97)',
    group: ATTACHMENTS,
    status: 200,
    subresource: 'Id of the share',
  },
  cancelLiveMigration: {
    summary: 'Cancel a running live migration',
    status: 202,
    subresource: 'Id of the migration',
  },
  forceLiveMigration: {
    summary: 'Force a live migration to complete',
    status: 202,
    subresource: 'Id of the migration',
    body: FORCE_BODY,
  },
};

/** Describes a task-enabled request: the tag, its echo, and the refusal. */
export function ApiTaskEnabled(request: Request): MethodDecorator {
  const { summary, group = 'servers', status, answer, subresource, body } = DESCRIPTIONS[request];
  const isCreate = request === 'create';
  const decorators = [
    ApiTags(group),
    ApiOperation({
      summary,
      description:
        'Recorded as a task before it is carried out. With a tag, the same request is carried out once.',
    }),
    // Filled in for the create alone: stopping a server twice under one tag would be refused the second time.
    ApiHeader(isCreate ? { ...TAG_HEADER, example: EXAMPLE_TAG } : TAG_HEADER),
    ApiHeader(DUPLICATES_HEADER),
    ApiResponse({
      status,
      description: ['Accepted: the answer of the compute service.', answer].join(' ').trim(),
      headers: { ...TASK_TAG_ECHO, ...TASK_REPLAYED },
      ...(isCreate && { schema: CREATED_SCHEMA }),
    }),
    ApiConflictResponse({
      description:
        'The same request is already accepted under this tag: the answer contains its task. Or the state of the ' +
        'server forbids the request: then the answer contains no task, and the request may be sent again under ' +
        'the same tag. With `Retry-After`: it is not known yet what became of the first request.',
      headers: { ...TASK_TAG_ECHO, link: { description: 'The task.', schema: { type: 'string' } } },
      schema: REFUSAL_SCHEMA,
    }),
    ApiResponse({
      status: 410,
      description: 'The tag was abandoned: no request under it is carried out. Choose a new tag.',
      headers: TASK_TAG_ECHO,
      schema: ABANDONED_SCHEMA,
    }),
    ApiResponse({
      status: 400,
      description: 'The request is invalid.',
      schema: faultSchema('badRequest', 400, 'Flavor 99 could not be found.'),
    }),
    ApiUnauthorizedResponse({ description: 'The token is missing or invalid.' }),
  ];
  if (!isCreate) {
    decorators.push(
      ApiParam(SERVER_ID),
      ApiNotFoundResponse({ description: 'This project has no such server.' }),
    );
  }
  if (subresource !== undefined)
    decorators.push(ApiParam({ name: 'subresource', description: subresource, type: String }));
  if (body !== undefined) decorators.push(ApiBody(body));
  return applyDecorators(...decorators);
}

/** Describes `GET /servers/{tag-or-id}`. */
export function ApiShowServer(): MethodDecorator {
  return applyDecorators(
    ApiTags('servers'),
    ApiOperation({ summary: 'Show a server, by its id or by the tag of the request that made it' }),
    ApiParam({
      name: 'id',
      description: 'Id of a server, or a tag whose tasks name one server',
      type: String,
      example: EXAMPLE_TAG,
    }),
    ApiOkResponse({ description: 'The server.', headers: TASK_TAG_FOUND }),
    ApiNotFoundResponse({ description: 'This project has no such server, and no such tag.' }),
    ApiConflictResponse({ description: 'The tag covers several servers; the fault lists their ids.' }),
  );
}
