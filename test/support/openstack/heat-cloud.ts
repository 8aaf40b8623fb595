import { createDatabase, type TestDatabase } from '../database/database.js';
import { ServerProcess } from '../server/server-process.js';
import { tasksOf } from '../server/tasks.js';
import { gatewaySettings, Lab } from './gateway.js';
import { Heat } from './heat.js';
import { LabUser } from './lab-user.js';
import { LAB_NOVA } from './lab.js';
import { NovaProxy } from './nova-proxy.js';
import { Region } from './region.js';
import { Stacks } from './stacks.js';

/** What a cloud with Heat is made of. */
interface Making {
  /** @default true */
  withPlugin?: boolean;
  /** @default true */
  withGateway?: boolean;
}

/** The lab with a Heat of its own, a gateway, and a proxy between these two that loses answers. */
export class HeatCloud {
  private constructor(
    readonly lab: Lab,
    readonly user: LabUser,
    /** Between Heat and the gateway; or Nova, when there is none. */
    readonly way: NovaProxy,
    readonly heat: Heat,
    readonly stacks: Stacks,
    private readonly region: Region,
    private readonly gateway: ServerProcess | undefined,
    private readonly database: TestDatabase,
  ) {}

  static async make({ withPlugin = true, withGateway = true }: Making = {}): Promise<HeatCloud> {
    const lab = new Lab();
    const user = await LabUser.in(lab);
    const database = await createDatabase('mariadb');
    const settings = gatewaySettings({ DATABASE_URL: database.url });
    const gateway = withGateway ? await ServerProcess.start(settings) : undefined;
    const way = await NovaProxy.to(gateway?.client.url ?? LAB_NOVA);
    const region = await Region.of(lab, `heat-${process.pid}-${Date.now()}`, `${way.url}/v2.1`);
    const token = (await user.call()).token as string;
    const { project } = await lab.identity.show(token);
    const account = { token, project: project.id as string };
    const heat = await Heat.start({ region: region.name, withPlugin }, account);
    const stacks = new Stacks(heat.client, account);
    return new HeatCloud(lab, user, way, heat, stacks, region, gateway, database);
  }

  /** The servers in Nova, those that Heat does not know as well, as `<id> <status>`. */
  async serverStates(): Promise<string[]> {
    return (await this.user.servers()).map(({ id, status }) => `${id} ${status}`).sort();
  }

  /** The names of their flavors. */
  async flavors(): Promise<string[]> {
    const { json } = await this.lab.nova.get('/v2.1/servers/detail', await this.user.call());
    return json.servers.map(({ flavor }: any) => flavor.original_name as string);
  }

  /** The tags of the tasks that are on record, newest first. */
  async tags(): Promise<string[]> {
    const ids = (await this.user.servers()).map(({ id }) => `server=${id}`).join('&');
    const tasks = await tasksOf(this.gateway!.client, await this.user.call(), `?${ids}`);
    return tasks.map(({ tag }) => tag as string);
  }

  async close(): Promise<void> {
    await this.heat.close();
    await this.region.remove();
    await this.way.close();
    await this.gateway?.stop();
    await this.user.remove();
    await this.lab.close();
    await this.database.drop();
  }
}

/** A server without networks, which is there in a second; `RAW` makes the bodies of equal ones equal. */
export function server(name: string, more: object = {}) {
  const properties = {
    ...{ name, image: 'tiny', flavor: 'm1.nano' },
    ...{ networks: [{ allocate_network: 'none' }], user_data_format: 'RAW' },
    ...more,
  };
  return { type: 'OS::Nova::Server', properties };
}
