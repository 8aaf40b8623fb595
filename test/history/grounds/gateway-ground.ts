import { createDatabase } from '../../support/database/database.js';
import { gatewaySettings, Lab } from '../../support/openstack/gateway.js';
import { LabUser } from '../../support/openstack/lab-user.js';
import { NovaProxy } from '../../support/openstack/nova-proxy.js';
import { novaLane } from '../faults/nova-faults.js';
import { replicaLane } from '../faults/replica-faults.js';
import type { Ground } from './ground.js';
import { novaEffects } from './nova-effects.js';
import { Replica } from './replica.js';
import { withDatabase } from './with-database.js';

/**
 * What a replica may wait for Nova, and how long Nova may work on a request, in milliseconds. A busy machine's Nova takes
 * its time, and what is called "not accepted" too early may be done after all.
 */
const TIMES = { NOVA_TIMEOUT_MS: '12000', NOVA_LONGEST_REQUEST_MS: '20000' };

/** Nova has no such one. */
const NO_SUCH_FLAVOR = 'no-such-flavor';

/** Two gateways on one MariaDB in front of the lab's Nova, each by a connection of its own that can be broken. */
export async function gatewayGround(): Promise<Ground> {
  const lab = new Lab();
  const user = await LabUser.in(lab);
  const database = await createDatabase('mariadb');
  const ways = await Promise.all([NovaProxy.to(), NovaProxy.to()]);
  const settings = gatewaySettings({ ...TIMES, DATABASE_URL: database.url });
  const replicas = ways.map(({ url }, n) => new Replica(n + 1, { ...settings, NOVA_URL: url }));
  for (const replica of replicas) await replica.start();
  const { token } = await user.call();
  const headers = { 'X-Auth-Token': token as string, 'OpenStack-API-Version': 'compute 2.60' };
  const { server } = await lab.newServer();
  return {
    name: 'gateway',
    replicas,
    headers,
    lanes: [replicaLane(replicas), novaLane(ways)],
    create: (name, expected) => ({
      method: 'POST',
      path: '/v3/servers',
      headers,
      body: JSON.stringify({
        server: { ...server, name, ...(expected === 'rejected' && { flavorRef: NO_SUCH_FLAVOR }) },
      }),
    }),
    heal: () => Promise.resolve(),
    effects: (journal) => novaEffects(lab, user, journal),
    forget: (tag) =>
      withDatabase(database.url, async (rows) => {
        await rows(`DELETE FROM tasks WHERE tag = X'${Buffer.from(tag).toString('hex')}'`);
      }),
    close: async () => {
      for (const replica of replicas) await replica.kill();
      for (const way of ways) await way.close();
      await user.remove();
      await lab.close();
      await database.drop();
    },
  };
}
