import type { JsonSchema } from '../../json-schema/json-schema.js';

/**
 * A query, checked as an object of lists. Nova ignores unknown parameters before 2.75.
 *
 * @param properties the schema of each value of a parameter
 */
export function querySchema(properties: Record<string, JsonSchema>): JsonSchema {
  const lists = Object.entries(properties).map(([name, items]) => [name, { type: 'array', items }] as const);
  return { type: 'object', properties: Object.fromEntries(lists), additionalProperties: true };
}

export const text: JsonSchema = { type: 'string' };

/** A pattern for the database; it must be valid in Python, too. */
export const pattern: JsonSchema = { type: 'string', format: 'regex' };

export const time: JsonSchema = { type: 'string', format: 'date-time' };

export const nonNegativeInteger: JsonSchema = { type: 'string', pattern: '^[0-9]*$', minLength: 1 };

export const paging: Record<string, JsonSchema> = { limit: nonNegativeInteger, marker: text };
