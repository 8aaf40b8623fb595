import { applyDecorators } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBadRequestResponse,
  ApiBody,
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
} from '@nestjs/swagger';
import { LONGEST_REASON } from '../../tasks/reason.js';
import { EXAMPLE_TAG, faultSchema, TASK_ENVELOPE } from './openapi.schemas.js';

const REASON = { type: 'string', maxLength: LONGEST_REASON, nullable: true };

const ABANDON = {
  type: 'object',
  required: ['abandon'],
  additionalProperties: false,
  properties: {
    abandon: {
      type: 'object',
      required: ['tag'],
      additionalProperties: false,
      properties: {
        tag: { type: 'string', description: '1 to 255 bytes in UTF-8.' },
        reason: REASON,
      },
    },
  },
};

const RESOLVE = {
  type: 'object',
  required: ['resolve'],
  additionalProperties: false,
  properties: {
    resolve: {
      type: 'object',
      required: ['uuid', 'accepted', 'state'],
      additionalProperties: false,
      properties: {
        uuid: { type: 'string', format: 'uuid' },
        accepted: { type: 'boolean', description: 'false: the request may be sent again.' },
        state: { type: 'string', enum: ['success', 'failure'] },
        reason: REASON,
      },
    },
  },
};

const LOOK = {
  type: 'object',
  required: ['look'],
  additionalProperties: false,
  properties: {
    look: {
      type: 'object',
      required: ['uuid'],
      additionalProperties: false,
      properties: { uuid: { type: 'string', format: 'uuid' } },
    },
  },
};

/** Describes `POST /tasks/action`. */
export function ApiTaskAction(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Abandon a tag, resolve an unknown task, or have one looked at',
      description:
        'abandon: nothing may have arrived under the tag yet. A request under it that comes later is answered 410, ' +
        'and never carried out. resolve: an administrator says what became of a task that is unknown. ' +
        'look: an open task is looked at at once, rather than when its next look is due.',
    }),
    ApiBody({
      schema: { oneOf: [ABANDON, RESOLVE, LOOK] } as object,
      examples: {
        abandon: {
          summary: 'Abandon a tag',
          value: { abandon: { tag: EXAMPLE_TAG, reason: 'the order was cancelled' } },
        },
        resolve: {
          summary: 'Resolve an unknown task (administrators only)',
          value: {
            resolve: {
              uuid: '0197a3a0-7f3e-7c41-9a52-6f1d5b1c2e90',
              accepted: false,
              state: 'failure',
              reason: 'not in the log of nova-api',
            },
          },
        },
        look: {
          summary: 'Look at an open task now',
          value: { look: { uuid: '0197a3a0-7f3e-7c41-9a52-6f1d5b1c2e90' } },
        },
      },
    }),
    ApiAcceptedResponse({ description: 'look: the task. It is looked at soon.', schema: TASK_ENVELOPE }),
    ApiOkResponse({
      description: 'The task: the abandonment, or the one that is resolved.',
      schema: TASK_ENVELOPE,
    }),
    ApiBadRequestResponse({
      description: 'A property is missing, unknown or invalid.',
      schema: faultSchema(
        'badRequest',
        400,
        'Invalid input for field/attribute tag. It is empty. Send 1 to 255 bytes, or none.',
      ),
    }),
    ApiForbiddenResponse({
      description:
        'Only administrators resolve tasks; and with the role reader alone, no tag can be abandoned.',
    }),
    ApiNotFoundResponse({ description: 'There is no such task.' }),
    ApiConflictResponse({
      description:
        'abandon: a request under the tag has arrived, and may have been accepted: see its tasks. Nothing was stopped. ' +
        'resolve: the task is not unknown, or no longer: see it. look: it has ended.',
    }),
  );
}
