import { isUtf8 } from 'node:buffer';
import { requestFact } from '../http/request-fact.js';

const parsed = requestFact<{ bytes: Buffer; json: unknown }>('jsonOf');

/**
 * The JSON of a request's body, parsed once.
 *
 * @param bytes the body as it came
 * @returns `undefined` when it is none
 */
export function jsonOf(request: object, bytes: Buffer): unknown {
  const known = parsed.known(request);
  if (known?.bytes === bytes) return known.json;
  const json = isUtf8(bytes) ? parse(bytes.toString('utf8')) : undefined;
  parsed.set(request, { bytes, json });
  return json;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
