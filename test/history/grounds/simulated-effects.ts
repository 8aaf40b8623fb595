import { Client } from '../../support/network/http.js';
import type { EffectEntry } from '../journal/entries.js';
import type { Journal } from '../journal/journal.js';
import type { Replica } from './replica.js';
import { withDatabase } from './with-database.js';

/** What the simulated cloud did: by its tables, which have what was deleted, too, and by what it lists to its user. */
export async function simulatedEffects(
  replicas: readonly Replica[],
  headers: Record<string, string>,
  databaseUrl: string,
  journal: Journal,
): Promise<EffectEntry[]> {
  const { servers, operations } = await withDatabase(databaseUrl, async (rows) => ({
    servers: await rows('SELECT id, name, created_at FROM embedded_servers'),
    operations: await rows(
      "SELECT id, task_uuid, server_id, task FROM embedded_operations WHERE state <> 'refused'",
    ),
  }));
  const names = new Map<string, string>(servers.map(({ id, name }) => [id, name]));
  const begun = new Map<string, number>(
    servers.map(({ id, created_at: created }) => [id, journal.at(Number(created))]),
  );
  const effects = new Map<string, EffectEntry>();
  for (const { id, task_uuid: task, server_id: server, task: action } of operations) {
    const name = names.get(server as string) ?? 'a server that is not there';
    // A server is its create: it counts once, wherever it is seen.
    const key = action === 'create' ? (server as string) : (id as string);
    const begunBy = action === 'create' ? (begun.get(server as string) ?? null) : null;
    effects.set(key, { is: 'effect', id: key, action, server, name, task, begunBy });
  }
  const listed = (await Promise.all(replicas.map((replica) => listServers(replica, headers)))).flat();
  for (const { id, name } of [...servers, ...listed])
    if (!effects.has(id as string))
      effects.set(id as string, {
        is: 'effect',
        id,
        action: 'create',
        server: id,
        name,
        task: null,
        begunBy: null,
      });
  return [...effects.values()];
}

async function listServers({ port }: Replica, headers: Record<string, string>): Promise<any[]> {
  const client = new Client(`http://127.0.0.1:${port}`);
  const found: any[] = [];
  try {
    for (let path: string | undefined = '/v2.1/servers?limit=500'; path !== undefined;) {
      const { status, json, text } = await client.get(path, { token: headers['X-Auth-Token'] });
      if (status !== 200) throw new Error(`The list of servers was answered ${status}: ${text}`);
      found.push(...json.servers);
      const next = json.servers_links?.find(({ rel }: any) => rel === 'next')?.href;
      path = next === undefined ? undefined : next.replace(/^https?:\/\/[^/]+/, '');
    }
  } finally {
    client.close();
  }
  return found;
}
