import { Ajv } from 'ajv';
import type { FastifyRequest } from 'fastify';
import { BadRequest } from '../../openstack/faults.js';
import { queryLists } from '../query/query.js';
import { FORMATS } from './json-schema.formats.js';
import { queryMessage, validationMessage } from './json-schema.messages.js';
import type { JsonSchema } from './json-schema.types.js';

export type { JsonSchema };

/**
 * Makes a function that checks a parsed body and returns it unchanged, with the type that the schema implies. The
 * schema is compiled once, at the first call, even for several validators of it.
 *
 * The function throws BadRequest with Nova's text for the first fault.
 */
export function bodyValidator<T>(schema: JsonSchema): (body: unknown) => T {
  return (body) => {
    const validate = ajv.compile(schema);
    if (validate(body)) return body as T;
    // The fault itself comes last; before it, the reasons why each of several alternatives did not fit.
    const fault = validate.errors?.at(-1);
    throw new BadRequest(fault === undefined ? 'Malformed request body' : validationMessage(fault));
  };
}

/**
 * Checks the query of a request, as an object of lists: each parameter may come more than once.
 *
 * @throws BadRequest in Nova's words
 */
export function assertQuery(request: FastifyRequest, schema: JsonSchema): void {
  const validate = ajv.compile(schema);
  if (validate(queryLists(request))) return;
  const fault = validate.errors?.at(-1);
  throw new BadRequest(fault === undefined ? 'Malformed query' : queryMessage(fault));
}

const ajv = new Ajv({ strict: true, allowUnionTypes: true, verbose: true });

for (const [name, { test }] of Object.entries(FORMATS)) ajv.addFormat(name, test);

/** Nova's bounds also apply to numbers in texts, such as `"min_count": "0"`. */
function addBound(keyword: 'minimum' | 'maximum', holds: (value: number, bound: number) => boolean): void {
  ajv.removeKeyword(keyword);
  ajv.addKeyword({
    keyword,
    type: ['number', 'string'],
    schemaType: 'number',
    errors: false,
    validate: (bound: number, value: number | string) =>
      value === '' || Number.isNaN(Number(value)) || holds(Number(value), bound),
  });
}
addBound('minimum', (value, bound) => value >= bound);
addBound('maximum', (value, bound) => value <= bound);
