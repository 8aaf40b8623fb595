import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, getSchemaPath } from '@nestjs/swagger';
import { addResponses, type DescribedResponse, statusOf } from './add-responses.js';
import { errorSchema } from './error.schema.js';
import { RecordedTask } from './recorded-task.js';

/** Options of `@ApiTaskTag()`. */
export interface ApiTaskTagOptions {
  /** Name of the header, as set in the module's options. @default 'Task-tag' */
  header?: string;
  /** Whether requests need it. @default false */
  required?: boolean;
  /** The status of the handler's answer, in whose headers the tag is echoed. @default as `@HttpCode()` or the method says */
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
 *
 * It adds to what other decorators and the plugin of Swagger's say of the handler, in any order. Where both describe the
 * body of an error, it is one of the two.
 */
export function ApiTaskTag(options: ApiTaskTagOptions = {}): MethodDecorator & ClassDecorator {
  const { header = 'Task-tag', required = false } = options;
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
    addResponses((described) => ({
      [options.status ?? statusOf(described)]: { description: '', headers: answerHeaders(options) },
      ...errors(options),
    })),
  );
}

function echo({ header = 'Task-tag' }: ApiTaskTagOptions) {
  return { [header.toLowerCase()]: { description: 'The tag, if the request had one.', schema: text } };
}

function answerHeaders(options: ApiTaskTagOptions) {
  const isReplayed = options.duplicates === 'replay' || options.duplicates === 'answer';
  const replayed = {
    'task-replayed': {
      description: '`true` if this is the answer to the original request.',
      schema: text,
    },
  };
  return { ...echo(options), ...(isReplayed && replayed) };
}

/** The answers of the module itself. */
function errors(options: ApiTaskTagOptions): Record<number, DescribedResponse> {
  const { required = false, tagReuse } = options;
  const task = {
    allOf: [{ $ref: getSchemaPath(RecordedTask) }],
    description: 'The task of the original request.',
  };
  return {
    400: {
      description: 'The tag is invalid, or the handler rejected the request.',
      schema: errorSchema(400, ['INVALID_TAG', ...(required ? ['MISSING_TAG'] : [])]),
    },
    409: {
      description: conflict(options),
      headers: echo(options),
      schema: errorSchema(409, ['DUPLICATE_REQUEST', ...(tagReuse === 'refuse' ? ['TAG_IN_USE'] : [])], {
        task,
      }),
    },
    410: {
      description:
        'The tag was abandoned: no request under it is carried out. The body contains the abandonment.',
      headers: echo(options),
      schema: errorSchema(410, ['TAG_ABANDONED'], {
        task: { allOf: task.allOf, description: 'The abandonment of the tag.' },
      }),
    },
    415: {
      description:
        'The request has a tag, and a body that cannot be compared with another. Nothing was done.',
      schema: errorSchema(415, ['UNREAD_BODY']),
    },
    503: {
      description: 'The request could not be recorded. Nothing was done; send it again unchanged.',
      headers: { 'retry-after': { description: 'In seconds.', schema: { type: 'integer' } } },
      schema: errorSchema(503, ['DATABASE_DOWN', 'DATABASE_NOT_READY', 'RECORDER_BUSY']),
    },
  };
}

function conflict({ duplicates, tagReuse }: ApiTaskTagOptions): string {
  const same =
    duplicates === 'replay'
      ? 'The original request is still running, or left no answer to send again; the body contains its task.'
      : 'That request is already accepted; the body contains its task.';
  return tagReuse === 'refuse' ? `${same} Or the tag is already used for a different request.` : same;
}
