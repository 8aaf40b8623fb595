import { randomUUID } from 'node:crypto';
import { newServer } from '../../support/server/servers.js';
import { nodeLane } from '../faults/node-faults.js';
import { replicaLane } from '../faults/replica-faults.js';
import { GaleraLab } from './galera-lab.js';
import type { Ground } from './ground.js';
import { Replica } from './replica.js';
import { simulatedEffects } from './simulated-effects.js';
import { withDatabase } from './with-database.js';

/** How long a simulated operation takes, in milliseconds: some are under way at each moment. */
const OPERATION_MS = '400';

const NO_SUCH_FLAVOR = '99';

/** Three stand-alone servers, one at each node of a Galera cluster. */
export async function galeraGround(): Promise<Ground> {
  const lab = GaleraLab.own;
  await lab.up();
  const database = `history_${randomUUID().slice(0, 8)}`;
  await lab.command('sql', '1', `CREATE DATABASE ${database} CHARACTER SET utf8mb4; ${others(database)}`);
  const urls = await Promise.all([1, 2, 3].map((node) => lab.url(node, database)));
  const replicas = urls.map(
    (url, n) => new Replica(n + 1, { DATABASE_URL: url, EMBEDDED_TASK_MS: OPERATION_MS, LOG_LEVEL: 'warn' }),
  );
  for (const replica of replicas) await replica.start();
  const headers = { 'X-Auth-Token': 'alice:history', 'OpenStack-API-Version': 'compute 2.60' };
  const work = `UPDATE ${database}.others SET counter = counter + 1`;
  return {
    name: 'galera',
    replicas,
    headers,
    lanes: [nodeLane(lab, work), replicaLane(replicas)],
    create: (name, expected) => ({
      method: 'POST',
      path: '/v3/servers',
      headers,
      body: JSON.stringify(
        newServer({ name, networks: 'none', ...(expected === 'rejected' && { flavorRef: NO_SUCH_FLAVOR }) }),
      ),
    }),
    heal: () => lab.whole(),
    effects: (journal) => simulatedEffects(replicas, headers, urls[0] as string, journal),
    forget: (tag) =>
      withDatabase(urls[0] as string, async (rows) => {
        await rows(`DELETE FROM tasks WHERE tag = X'${Buffer.from(tag).toString('hex')}'`);
      }),
    close: async () => {
      for (const replica of replicas) await replica.kill();
      await lab.command('sql', '1', `DROP DATABASE ${database}`);
    },
  };
}

/** A table of somebody else's in the same cluster, large enough that nodes are late with it. */
function others(database: string): string {
  return (
    `USE ${database}; CREATE TABLE others (id INT PRIMARY KEY, counter INT NOT NULL);` +
    `INSERT INTO others SELECT seq, 0 FROM seq_1_to_60000`
  );
}
