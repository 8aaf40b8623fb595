import type { JsonSchema } from '../../json-schema/json-schema.js';
import { envelope } from './closed-object.js';
import { metadata } from './parameter-types.js';

const all = envelope('metadata', metadata);

const one = envelope('meta', { ...metadata, minProperties: 1, maxProperties: 1 });

/** The body of `POST` and `PUT /servers/{id}/metadata`. */
export function metadataSchema(): JsonSchema {
  return all;
}

/** The body of `PUT /servers/{id}/metadata/{key}`. */
export function metadataItemSchema(): JsonSchema {
  return one;
}
