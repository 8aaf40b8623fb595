import { applyDecorators } from '@nestjs/common';
import { ApiConflictResponse, ApiHeader, ApiResponse } from '@nestjs/swagger';
import { TASK_PROPERTIES } from './task.schema.js';

/** What `@ApiTaskTag()` is to say. */
export interface ApiTaskTagOptions {
  /** Name of the header, as the module was told. @default 'Task-tag' */
  header?: string;
  /** Whether requests need it. @default false */
  required?: boolean;
  /** The status of the handler's answer, in whose headers the tag is echoed. @default 201 */
  status?: number;
}

/** Describes a `@Tracked()` handler in Swagger: the header, its echo, and the refusal with the first request's task. */
export function ApiTaskTag(options: ApiTaskTagOptions = {}): MethodDecorator & ClassDecorator {
  const { header = 'Task-tag', required = false, status = 201 } = options;
  const echo = {
    [header.toLowerCase()]: {
      description: 'The tag, when the request had one.',
      schema: { type: 'string' as const },
    },
  };
  return applyDecorators(
    ApiHeader({
      name: header,
      required,
      description:
        'Any 1 to 255 bytes of your choice. The same request under the same tag is carried out once; when its ' +
        'answer is lost, ask by the tag what became of it.',
      schema: { type: 'string', maxLength: 255 },
    }),
    ApiResponse({ status, headers: echo }),
    ApiConflictResponse({
      description: 'That request is already accepted. The body tells its task.',
      headers: echo,
      schema: {
        type: 'object',
        properties: {
          statusCode: { type: 'integer', example: 409 },
          code: { type: 'string', example: 'DUPLICATE_REQUEST' },
          message: { type: 'string', example: 'That request is already accepted' },
          task: { type: 'object', properties: TASK_PROPERTIES },
        },
      },
    }),
  );
}
