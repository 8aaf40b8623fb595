import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { errorSchema } from './error.schema.js';
import { RecordedTask } from './recorded-task.js';

/** What `@ApiTaskTag()` is to say. */
export interface ApiTaskTagOptions {
  /** Name of the header, as the module was told. @default 'Task-tag' */
  header?: string;
  /** Whether requests need it. @default false */
  required?: boolean;
  /** The status of the handler's answer, in whose headers the tag is echoed. @default 201 */
  status?: number;
  /** As the handler was told: whether the first answer is sent again. @default 'refuse' */
  duplicates?: 'refuse' | 'replay';
  /** As the module was told: whether a tag may stand for several requests. @default 'group' */
  tagReuse?: 'group' | 'refuse';
}

const text = { type: 'string' as const };

/**
 * Describes a `@Tracked()` handler in Swagger: the header, its echo, the refusal with the first request's task, and what
 * else the module may answer before the handler runs. Errors have the shape of Nest's own filter.
 */
export function ApiTaskTag(options: ApiTaskTagOptions = {}): MethodDecorator & ClassDecorator {
  const { header = 'Task-tag', required = false, status = 201, duplicates, tagReuse } = options;
  const echo = {
    [header.toLowerCase()]: { description: 'The tag, when the request had one.', schema: text },
  };
  const replayed = {
    'task-replayed': {
      description: '`true` when it is the answer to the first one of some requests that are the same.',
      schema: text,
    },
  };
  const task = { allOf: [{ $ref: getSchemaPath(RecordedTask) }], description: 'The first one’s.' };
  return applyDecorators(
    ApiExtraModels(RecordedTask),
    ApiHeader({
      name: header,
      required,
      description:
        'Any 1 to 255 bytes of your choice. The same request under the same tag is carried out once; when its ' +
        'answer is lost, ask by the tag what became of it.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    ApiResponse({ status, headers: { ...echo, ...(duplicates === 'replay' && replayed) } }),
    ApiResponse({
      status: 400,
      description: 'The tag is not one. Or what the handler refuses.',
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
      status: 415,
      description: 'A body that cannot be compared with another one, under a tag. Nothing was done.',
      schema: errorSchema(415, ['UNREAD_BODY']),
    }),
    ApiResponse({
      status: 503,
      description: 'The request could not be recorded. Nothing was done; send it again, as it is.',
      headers: { 'retry-after': { description: 'In seconds.', schema: { type: 'integer' } } },
      schema: errorSchema(503, ['DATABASE_DOWN', 'DATABASE_NOT_READY', 'RECORDER_BUSY']),
    }),
  );
}

function conflict({ duplicates, tagReuse }: ApiTaskTagOptions): string {
  const same =
    duplicates === 'replay'
      ? 'That request is already accepted, and its answer is not there: it is under way, say. The body tells its task.'
      : 'That request is already accepted. The body tells its task.';
  return tagReuse === 'refuse' ? `${same} Or the tag is in use for another request.` : same;
}
