import type { JsonSchema } from '../../json-schema/json-schema.js';

/** An object without any other properties. */
export function closedObject(properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema {
  return {
    type: 'object',
    properties,
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/** A body of one property: `{"server": …}`. */
export function envelope(name: string, content: JsonSchema): JsonSchema {
  return closedObject({ [name]: content }, [name]);
}
