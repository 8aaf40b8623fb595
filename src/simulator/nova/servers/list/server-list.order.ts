import { BadRequest, Forbidden } from '../../../../openstack/faults.js';
import { IGNORED_SORT_KEYS } from '../../schemas/server-list.js';
import type { SimulatedServer } from '../server.entity.js';

type Value = string | number | null;

/** The sort keys that the simulation keeps; by other keys all servers are equal. */
const VALUES: Readonly<Record<string, (server: SimulatedServer) => Value>> = {
  access_ip_v4: ({ data }) => data.accessIPv4,
  access_ip_v6: ({ data }) => data.accessIPv6,
  availability_zone: ({ data }) => data.availabilityZone,
  created_at: ({ createdAt }) => createdAt,
  display_description: ({ data }) => data.description,
  display_name: ({ name }) => name,
  hostname: ({ name }) => name,
  id: ({ id }) => id,
  image_ref: ({ data }) => data.imageRef,
  instance_type_id: ({ data }) => data.flavorId,
  key_name: ({ data }) => data.keyName,
  launch_index: ({ data }) => data.launchIndex,
  launched_at: ({ data }) => data.launchedAt,
  power_state: ({ data }) => data.powerState,
  project_id: ({ projectId }) => projectId,
  task_state: ({ taskState }) => taskState,
  terminated_at: ({ data }) => data.terminatedAt,
  updated_at: ({ updatedAt }) => updatedAt,
  user_id: ({ userId }) => userId,
  uuid: ({ id }) => id,
  vm_state: ({ vmState }) => vmState,
};

const ADMIN_ONLY = ['host', 'node'];

/**
 * Reads `sort_key` and `sort_dir`, each of which may come more than once (nova/db/utils.py, `process_sort_params`).
 *
 * @returns the order as a function for `sort`: by default, newest first
 * @throws BadRequest or Forbidden, in Nova's words
 */
export function orderOf(
  { sort_key = ['created_at'], sort_dir = ['desc'] }: Record<string, string[] | undefined>,
  isAdmin: boolean,
): (a: SimulatedServer, b: SimulatedServer) => number {
  const { keys, directions } = withoutIgnored(sort_key, sort_dir);
  const forbidden = keys.find((key) => ADMIN_ONLY.includes(key));
  if (forbidden !== undefined && !isAdmin) {
    throw new Forbidden(`Only administrators can sort servers by ${forbidden}`);
  }
  if (directions.some((direction) => direction !== 'asc' && direction !== 'desc')) {
    throw invalid("Unknown sort direction, must be 'desc' or 'asc'");
  }
  if (directions.length > keys.length) {
    throw invalid('Sort direction size exceeds sort key size');
  }
  const [first = 'desc'] = directions;
  const signs = [...keys, 'created_at', 'id'].map((key, n) => ({
    valueOf: VALUES[key] ?? (() => null),
    sign: (directions[n] ?? first) === 'asc' ? 1 : -1,
  }));
  return (a, b) => {
    for (const { valueOf, sign } of signs) {
      const order = compare(valueOf(a), valueOf(b));
      if (order !== 0) return order * sign;
    }
    return 0;
  };
}

/** A key that sorts nothing is dropped together with its direction. */
function withoutIgnored(keys: string[], directions: string[]): { keys: string[]; directions: string[] } {
  const isIgnored = (key: string | undefined) => key !== undefined && IGNORED_SORT_KEYS.includes(key);
  const trimmed = keys.map((key) => key.trim());
  return {
    keys: trimmed.filter((key) => !isIgnored(key)),
    directions: directions.map((text) => text.trim()).filter((_, n) => !isIgnored(trimmed[n])),
  };
}

/** Missing values come first. */
function compare(x: Value, y: Value): number {
  if (x === y) return 0;
  if (x === null || y === null) return x === null ? -1 : 1;
  return x < y ? -1 : 1;
}

function invalid(reason: string): BadRequest {
  return new BadRequest(`Invalid input received: ${reason}`);
}
