import type { JsonSchema } from '../../json-schema/json-schema.js';

/** The kinds of values that several requests take (nova/api/validation/parameter_types.py). */

export const name: JsonSchema = { type: 'string', format: 'name', minLength: 1, maxLength: 255 };

export const nameOrNull: JsonSchema = {
  oneOf: [{ type: 'string', minLength: 1, maxLength: 255 }, { type: 'null' }],
};

/** Printable characters, blanks at the ends too. */
export const description: JsonSchema = {
  type: ['string', 'null'],
  description: 'Free text about the server.',
  pattern: '^[^\\p{C}\\p{Zl}\\p{Zp}]*$',
  minLength: 0,
  maxLength: 255,
};

export const uuid: JsonSchema = { type: 'string', format: 'uuid' };

/** All spellings that Nova has ever accepted for yes or no. */
export const booleanLike: JsonSchema = {
  type: ['boolean', 'string'],
  enum: [
    ...[true, 'True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes'],
    ...[false, 'False', 'FALSE', 'false', '0', 'OFF', 'Off', 'off', 'NO', 'No', 'no'],
  ],
};

/** A number from 1, also as a text. */
export const positiveInteger: JsonSchema = {
  type: ['integer', 'string'],
  pattern: '^[0-9]*$',
  minimum: 1,
  minLength: 1,
};

/** Gibibytes. */
export const volumeSize: JsonSchema = {
  type: ['integer', 'string'],
  pattern: '^[0-9]+$',
  minimum: 1,
  maximum: 0x7fffffff,
};

export const flavorRef: JsonSchema = {
  type: ['string', 'integer'],
  description: 'Id of the flavor.',
  minLength: 1,
};

export const adminPass: JsonSchema = {
  type: 'string',
  description: "The administrator's password. It is not kept.",
};

export const metadata: JsonSchema = {
  type: 'object',
  description: 'Names and values of your own.',
  patternProperties: { '^[a-zA-Z0-9-_:. ]{1,255}$': { type: 'string', maxLength: 255 } },
  additionalProperties: false,
};

export const ipAddress: JsonSchema = { type: 'string', oneOf: [{ format: 'ipv4' }, { format: 'ipv6' }] };

export const accessIPv4: JsonSchema = {
  type: 'string',
  description: 'Address by which the server is reached.',
  format: 'ipv4',
};

export const accessIPv6: JsonSchema = {
  type: 'string',
  description: 'Address by which the server is reached.',
  format: 'ipv6',
};

export const diskConfig: JsonSchema = {
  type: 'string',
  description: 'Whether the disk is partitioned automatically.',
  enum: ['AUTO', 'MANUAL'],
};

export const personality: JsonSchema = {
  type: 'array',
  description: 'Files to put into the server.',
  items: {
    type: 'object',
    properties: { path: { type: 'string' }, contents: { type: 'string', format: 'base64' } },
    additionalProperties: false,
  },
};

export const userData: JsonSchema = {
  type: 'string',
  description: 'Data for the server to read when it starts, in base64. It is not kept.',
  format: 'base64',
  maxLength: 65535,
};

export const tag: JsonSchema = { type: 'string', pattern: '^[^,/]*$', minLength: 1, maxLength: 60 };
