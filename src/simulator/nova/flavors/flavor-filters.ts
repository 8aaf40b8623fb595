import { BadRequest } from '../../../openstack/faults.js';
import { readBoolean } from '../../query/booleans.js';
import type { Flavor } from './flavors.js';

/**
 * The flavors that match a query (nova/api/openstack/compute/flavors.py, `_get_flavors`). All are public;
 * administrators can ask for others, and find none.
 *
 * @throws BadRequest for an invalid value
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

const SORT_VALUES: Readonly<Record<string, (flavor: Flavor) => string | number>> = {
  flavorid: ({ id }) => id,
  name: ({ name }) => name,
  memory_mb: ({ ram }) => ram,
  root_gb: ({ disk }) => disk,
  vcpus: ({ vcpus }) => vcpus,
};

/** The flavors in the order of `sort_key` and `sort_dir`, then by id. */
export function sortFlavors(flavors: Flavor[], query: ReadonlyMap<string, string>): Flavor[] {
  const sign = query.get('sort_dir') === 'desc' ? -1 : 1;
  const asked = SORT_VALUES[query.get('sort_key') ?? 'flavorid'] ?? (() => 0);
  return flavors.toSorted((a, b) => {
    const [x, y] = asked(a) === asked(b) ? [a.id, b.id] : [asked(a), asked(b)];
    return x < y ? -sign : sign;
  });
}

function minimum(query: ReadonlyMap<string, string>, name: string): number {
  const text = query.get(name) ?? '0';
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw new BadRequest(`Invalid ${name} filter [${text}]`);
  return Number(text);
}

/** `None` asks for both kinds. */
function includesPublic(text = 'true'): boolean {
  if (text.trim().toLowerCase() === 'none') return true;
  const value = readBoolean(text);
  if (value !== null) return value;
  throw new BadRequest(`Invalid is_public filter [${text}]`);
}
