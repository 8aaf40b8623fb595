import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { gatewaySettings } from '../support/openstack/gateway.js';
import { ServerProcess } from '../support/server/server-process.js';
import type { NovaSide } from './nova-side.js';
import type { Setting } from './settings.js';

/** A gateway in a process of its own, with one setting. */
export class Gateway {
  private constructor(
    private readonly settings: Record<string, string>,
    private readonly database: TestDatabase,
    private server: ServerProcess,
  ) {}

  static async start({ environment }: Setting, novaSide: NovaSide): Promise<Gateway> {
    const database = await createDatabase('mariadb');
    const more = { DATABASE_URL: database.url, NOVA_URL: novaSide.url, ...environment };
    const settings = gatewaySettings(more);
    return new Gateway(settings, database, await ServerProcess.start(settings));
  }

  get url(): string {
    return this.server.client.url;
  }

  /** Ends it at once, as a power cut would, and starts it again. */
  async crash(): Promise<void> {
    await this.server.kill();
    this.server = await ServerProcess.start(this.settings);
  }

  async close(): Promise<void> {
    await this.server.stop();
    await this.database.drop();
  }
}
