import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { errorSchema } from './error.schema.js';
import { RecordedTask } from './recorded-task.js';

/** Options of `@ApiTaskTag()`. */
export interface ApiTaskTagOptions {
  /** Name of the header, as set in the module's options. @default 'Task-tag' */
  header?: string;
  /** Whether requests need it. @default false */
  required?: boolean;
  /** The status of the handler's answer, in whose headers the tag is echoed. @default 201 */
  status?: number;
  /** As set on the handler: whether a duplicate gets the original answer. @default 'refuse' */
  duplicates?: 'refuse' | 'replay' | 'answer';
  /** As set in the module's options: whether a tag may cover several requests. @default 'group' */
  tagReuse?: 'group' | 'refuse';
}

const text = { type: 'string' as const };

/**
 * Describes a `@Tracked()` handler in Swagger: the header, its echo, the refusal with the original request's task, and
 * the other answers that the module may give before the handler runs. Errors have the shape of Nest's own filter.
 */
export function ApiTaskTag(options: ApiTaskTagOptions = {}): MethodDecorator & ClassDecorator {
  const { header = 'Task-tag', required = false, status = 201, duplicates, tagReuse } = options;
  const isReplayed = duplicates === 'replay' || duplicates === 'answer';
  const echo = {
    [header.toLowerCase()]: { description: 'The tag, if the request had one.', schema: text },
  };
  const replayed = {
    'task-replayed': {
      description: '`true` if this is the answer to the original request.',
      schema: text,
    },
  };
  const task = {
    allOf: [{ $ref: getSchemaPath(RecordedTask) }],
    description: 'The task of the original request.',
  };
  return applyDecorators(
    ApiExtraModels(RecordedTask),
    ApiHeader({
      name: header,
      required,
      description:
        'Any 1 to 255 bytes of your choice. The same request under the same tag is carried out once; if its ' +
        'answer is lost, look up the outcome by the tag.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    ApiResponse({ status, headers: { ...echo, ...(isReplayed && replayed) } }),
    ApiResponse({
      status: 400,
      description: 'The tag is invalid, or the handler rejected the request.',
      schema: errorSchema(400, ['INVALID_TAG', ...(required ? ['MISSING_TAG'] : [])]),
    }),
    ApiResponse({
      status: 409,
      description: conflict(options),
      headers: echo,
      schema: errorSchema(409, ['DUPLICATE_REQUEST', ...(tagReuse === 'refuse' ? ['TAG_IN_USE'] : [])], {
        task,
      }),
    }),
    ApiResponse({
      status: 410,
      description:
        'The tag was abandoned: no request under it is carried out. The body contains the abandonment.',
      headers: echo,
      schema: errorSchema(410, ['TAG_ABANDONED'], {
        task: { allOf: task.allOf, description: 'The abandonment of the tag.' },
      }),
    }),
    ApiResponse({
      status: 415,
      description:
        'The request has a tag, and a body that cannot be compared with another. Nothing was done.',
      schema: errorSchema(415, ['UNREAD_BODY']),
    }),
    ApiResponse({
      status: 503,
      description: 'The request could not be recorded. Nothing was done; send it again unchanged.',
      headers: { 'retry-after': { description: 'In seconds.', schema: { type: 'integer' } } },
      schema: errorSchema(503, ['DATABASE_DOWN', 'DATABASE_NOT_READY', 'RECORDER_BUSY']),
    }),
  );
}

function conflict({ duplicates, tagReuse }: ApiTaskTagOptions): string {
  const same =
    duplicates === 'replay'
      ? 'The original request is still running, or left no answer to send again; the body contains its task.'
      : 'That request is already accepted; the body contains its task.';
  return tagReuse === 'refuse' ? `${same} Or the tag is already used for a different request.` : same;
}
