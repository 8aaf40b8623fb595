import { BadRequest } from '../../openstack/faults.js';
import { repr, str } from '../json-schema/python-repr.js';

const TRUE = ['1', 't', 'true', 'on', 'y', 'yes'];
const FALSE = ['0', 'f', 'false', 'off', 'n', 'no'];

/** The meaning of a text for `oslo_utils.strutils`; `null` if it is neither yes nor no. */
export function readBoolean(text: string): boolean | null {
  const value = text.trim().toLowerCase();
  if (TRUE.includes(value)) return true;
  return FALSE.includes(value) ? false : null;
}

/**
 * The same, for a text that must be one of them.
 *
 * @throws BadRequest in Nova's words
 */
export function strictBoolean(text: string): boolean {
  const value = readBoolean(text);
  if (value !== null) return value;
  const accepted = [...TRUE, ...FALSE].sort().map(repr).join(', ');
  throw new BadRequest(`Unrecognized value '${str(text)}', acceptable values are: ${accepted}`);
}
