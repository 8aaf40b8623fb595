import { jsonText } from './json-text.js';
import type { RequestBody } from './request-body.js';

/**
 * The parameters that the host gives in place of a body.
 *
 * @throws TypeError for a value that is not JSON: two different ones would look alike, and count as one request
 */
export function namedParameters(parameters: unknown): RequestBody {
  const json = jsonText(parameters, refuseHidden);
  if (json === undefined && parameters !== undefined) throw noJson(typeof parameters);
  return { mediaType: 'application/json', body: Buffer.from(json ?? '') };
}

/** `Map`, `Set`, `Promise`, `URLSearchParams` and the like are `{}` in JSON, whatever they hold. */
function refuseHidden(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (kind === 'Object' || kind === 'Array' || Object.keys(value).length > 0) return value;
  throw noJson(kind);
}

function noJson(kind: string): TypeError {
  return new TypeError(
    `The option "parameters" returned a ${kind}, whose content JSON cannot show: two different requests would look alike. ` +
      'Return plain objects, lists, texts and numbers.',
  );
}
