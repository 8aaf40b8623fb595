import { MARIADB_URL, onServer } from '../support/database/database.js';
import { Lab } from '../support/openstack/gateway.js';
import { Heat } from '../support/openstack/heat.js';
import { LabUser } from '../support/openstack/lab-user.js';
import { LAB_KEYSTONE, LAB_NOVA } from '../support/openstack/lab.js';
import { Region } from '../support/openstack/region.js';
import { Stacks } from '../support/openstack/stacks.js';
import { HeatPlayer } from './heat-player.js';
import { NovaSide } from './nova-side.js';
import type { Player } from './player.js';
import { Way } from './way.js';

const ADMIN = { user: 'admin', project: 'admin' };

/** The lab, with a project without networks: a server without a wish gets none there. */
export class Ground {
  private readonly regions: Region[] = [];

  private constructor(
    readonly lab: Lab,
    readonly user: LabUser,
    private readonly project: { id: string; name: string },
    readonly novaSide: NovaSide,
  ) {}

  static async make(): Promise<Ground> {
    const lab = new Lab();
    const name = `tasktag-clients-${process.pid}`;
    const { json } = await lab.identity.call('POST', '/projects', await lab.token(ADMIN), {
      body: { project: { name, domain_id: 'default' } },
    });
    const project = { id: json.project.id as string, name };
    const user = await LabUser.in(lab, project);
    return new Ground(lab, user, project, await NovaSide.before(LAB_NOVA));
  }

  /** A way for a client, and the region whose compute service it is. */
  async way(client: string): Promise<{ way: Way; region: string }> {
    const way = await Way.of(this.novaSide);
    const region = await Region.of(this.lab, `clients-${process.pid}-${client}`, `${way.url}/v2.1`);
    this.regions.push(region);
    return { way, region: region.name };
  }

  /** What a program needs to find the lab, and a server to ask for. */
  async environment(region: string): Promise<Record<string, string>> {
    const { server } = await this.lab.newServer();
    const { user, password = user } = this.user.signIn;
    return {
      OS_AUTH_URL: LAB_KEYSTONE,
      OS_USERNAME: user,
      OS_PASSWORD: password,
      OS_PROJECT_NAME: this.project.name,
      OS_USER_DOMAIN_ID: 'default',
      OS_PROJECT_DOMAIN_ID: 'default',
      OS_IDENTITY_API_VERSION: '3',
      OS_REGION_NAME: region,
      IMAGE: server['imageRef'] as string,
      FLAVOR: server['flavorRef'] as string,
    };
  }

  async heat(region: string, withPlugin: boolean): Promise<Player> {
    const account = { token: (await this.user.call()).token as string, project: this.project.id };
    const heat = await Heat.start({ region, withPlugin }, account);
    return new HeatPlayer(heat, new Stacks(heat.client, account));
  }

  /** How many servers of this name Nova has. */
  async count(name: string): Promise<number> {
    return (await this.user.named(name)).length;
  }

  /** Removes the servers of a name, past the gateway. */
  async clear(name: string): Promise<void> {
    const call = await this.lab.call({}, ADMIN);
    for (const { id } of await this.user.named(name)) await this.lab.nova.delete(`/v2.1/servers/${id}`, call);
  }

  async close(): Promise<void> {
    for (const region of this.regions) await region.remove();
    await this.novaSide.close();
    await this.user.remove();
    await this.lab.identity.call('DELETE', `/projects/${this.project.id}`, await this.lab.token(ADMIN));
    await this.lab.close();
  }
}

/** Why there is no ground to play on; `null` when there is one. */
export async function whyNoGround(): Promise<string | null> {
  const answers = await fetch(LAB_KEYSTONE).then(
    () => true,
    () => false,
  );
  if (!answers) return `no OpenStack lab: no Keystone answers at ${LAB_KEYSTONE}`;
  return onServer('DO 0').then(
    () => null,
    () => `no MariaDB answers at ${MARIADB_URL}; TEST_MARIADB_URL may name another one`,
  );
}
