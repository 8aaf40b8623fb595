import type { Lab } from '../support/openstack/gateway.js';
import { Heat } from '../support/openstack/heat.js';
import type { LabUser } from '../support/openstack/lab-user.js';
import { LAB_KEYSTONE } from '../support/openstack/lab.js';
import type { Region } from '../support/openstack/region.js';
import { Stacks } from '../support/openstack/stacks.js';
import { HeatPlayer } from './heat-player.js';
import type { Player } from './player.js';
import type { Way } from './way.js';

/**
 * What one client has of the ground for itself: a way, the region of the catalogue that leads there, and a user. When an
 * answer without a tag was lost, a gateway looks at what else its user did, and those of other clients have gateways of
 * their own.
 */
export class Corner {
  constructor(
    private readonly lab: Lab,
    private readonly project: { id: string; name: string },
    private readonly own: { user: LabUser; way: Way; region: Region },
  ) {}

  get way(): Way {
    return this.own.way;
  }

  /** What a program needs to find the lab, and a server to ask for. */
  async environment(): Promise<Record<string, string>> {
    const { server } = await this.lab.newServer();
    const { user, password = user } = this.own.user.signIn;
    return {
      OS_AUTH_URL: LAB_KEYSTONE,
      OS_USERNAME: user,
      OS_PASSWORD: password,
      OS_PROJECT_NAME: this.project.name,
      OS_USER_DOMAIN_ID: 'default',
      OS_PROJECT_DOMAIN_ID: 'default',
      OS_IDENTITY_API_VERSION: '3',
      OS_REGION_NAME: this.own.region.name,
      IMAGE: server['imageRef'] as string,
      FLAVOR: server['flavorRef'] as string,
    };
  }

  async heat(withPlugin: boolean): Promise<Player> {
    const account = { token: (await this.own.user.call()).token as string, project: this.project.id };
    const heat = await Heat.start({ region: this.own.region.name, withPlugin }, account);
    return new HeatPlayer(heat, new Stacks(heat.client, account));
  }

  /** How many servers of this name Nova has. */
  async count(name: string): Promise<number> {
    return (await this.own.user.named(name)).length;
  }

  /** Removes the servers of a name, past the gateway. */
  async clear(name: string): Promise<void> {
    const call = await this.lab.call({}, ADMIN);
    for (const { id } of await this.own.user.named(name))
      await this.lab.nova.delete(`/v2.1/servers/${id}`, call);
  }

  async close(): Promise<void> {
    const { user, way, region } = this.own;
    await region.remove();
    await way.close();
    await user.remove();
  }
}

const ADMIN = { user: 'admin', project: 'admin' };
