import type { JsonSchema } from '../../json-schema/json-schema.js';
import { envelope } from './closed-object.js';
import { tag } from './parameter-types.js';

const all = envelope('tags', { type: 'array', description: 'Tags of the server.', items: tag, maxItems: 50 });

/** The body of `PUT /servers/{id}/tags`, which replaces all of them; from 2.26 on. */
export function tagsSchema(): JsonSchema {
  return all;
}

/** One tag, as written in the URL of `PUT /servers/{id}/tags/{tag}`, whose body is empty. */
export function tagSchema(): JsonSchema {
  return tag;
}
