import { BadRequest } from '../../../openstack/faults.js';
import type { Flavor } from './flavors.js';

const TRUE = ['1', 't', 'true', 'on', 'y', 'yes'];
const FALSE = ['0', 'f', 'false', 'off', 'n', 'no'];

/**
 * The flavors that a query means (nova/api/openstack/compute/flavors.py, `_get_flavors`). All are public;
 * administrators can ask for others, and find none.
 *
 * @throws BadRequest for a value that cannot be meant
 */
export function filterFlavors(
  flavors: readonly Flavor[],
  query: ReadonlyMap<string, string>,
  isAdmin: boolean,
): Flavor[] {
  const minRam = minimum(query, 'minRam');
  const minDisk = minimum(query, 'minDisk');
  const wantsPublic = !isAdmin || includesPublic(query.get('is_public'));
  return flavors.filter(({ ram, disk }) => wantsPublic && ram >= minRam && disk >= minDisk);
}

function minimum(query: ReadonlyMap<string, string>, name: string): number {
  const text = query.get(name) ?? '0';
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw new BadRequest(`Invalid ${name} filter [${text}]`);
  return Number(text);
}

/** `None` asks for both kinds. */
function includesPublic(text = 'true'): boolean {
  const value = text.trim().toLowerCase();
  if (value === 'none' || TRUE.includes(value)) return true;
  if (FALSE.includes(value)) return false;
  throw new BadRequest(`Invalid is_public filter [${text}]`);
}
