import type { EmbeddedServer } from './server.entity.js';

/** What lists can be sorted by, of what the simulation keeps. */
const SORT_KEYS: Record<string, (server: EmbeddedServer) => string | number> = {
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => updatedAt,
  display_name: ({ name }) => name,
  name: ({ name }) => name,
  uuid: ({ id }) => id,
  vm_state: ({ vmState }) => vmState,
  task_state: ({ taskState }) => taskState ?? '',
};

/** The servers in the order that `sort_key` and `sort_dir` ask for; each may come more than once. */
export function sorted(servers: EmbeddedServer[], keys: string[], directions: string[]): EmbeddedServer[] {
  const orders = keys
    .map((key, n) => ({ valueOf: SORT_KEYS[key], sign: (directions[n] ?? directions[0]) === 'asc' ? 1 : -1 }))
    .filter((order) => order.valueOf !== undefined);
  if (orders.length === 0) return servers;
  return [...servers].sort((a, b) => {
    for (const { valueOf, sign } of orders) {
      const [x, y] = [valueOf?.(a) ?? '', valueOf?.(b) ?? ''];
      if (x !== y) return x < y ? -sign : sign;
    }
    return 0;
  });
}
