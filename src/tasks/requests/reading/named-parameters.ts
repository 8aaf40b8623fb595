import { jsonText } from './json-text.js';
import type { RequestBody } from './request-body.js';

/**
 * Parameters that the host has named, in the place of a body.
 *
 * @throws TypeError for what is no JSON: two different ones would look alike, and be one request
 */
export function namedParameters(parameters: unknown): RequestBody {
  const json = jsonText(parameters, refuseHidden);
  if (json === undefined && parameters !== undefined) throw noJson(typeof parameters);
  return { mediaType: 'application/json', body: Buffer.from(json ?? '') };
}

/** `Map`, `Set`, `Promise`, `URLSearchParams` and others of their kind are `{}` in JSON, whatever they hold. */
function refuseHidden(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (kind === 'Object' || kind === 'Array' || Object.keys(value).length > 0) return value;
  throw noJson(kind);
}

function noJson(kind: string): TypeError {
  return new TypeError(
    `The option "parameters" gave a ${kind}, of which JSON shows nothing: two different requests would look alike. ` +
      'Give plain objects, lists, texts and numbers.',
  );
}
