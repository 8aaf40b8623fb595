import { join } from 'node:path';
import { createDatabase, type TestDatabase } from '../../support/database/database.js';
import type { Answer } from '../../support/network/http.js';
import { until } from '../../support/until.js';
import type { App } from './apps.js';
import { Partner } from './partner.js';
import { migrate, type ShopEnvironment, ShopProcess } from './shop-process.js';
import type { Shops } from './shops.js';

/** Who sends a request, and under which tag. */
export interface Sender {
  tag?: string;
  /** @default acme */
  tenant?: string;
  /** `null` for nobody, whom the guard refuses. @default ann */
  user?: string | null;
}

/** One application on one database: two processes that serve, and more where a test ends them. */
export class Deployment {
  readonly partner = new Partner();
  /** The names of the migrations that were run. */
  migrated: string[] = [];
  one!: ShopProcess;
  other!: ShopProcess;
  private database!: TestDatabase;
  private readonly processes: ShopProcess[] = [];

  constructor(
    private readonly shops: Shops,
    readonly app: App,
    private readonly kind: TestDatabase['kind'],
  ) {}

  async start(): Promise<void> {
    this.database = await createDatabase(this.kind);
    await this.partner.start();
    this.migrated = this.migrate();
    [this.one, this.other] = await Promise.all([this.startShop({}, this.kind === 'sqlite'), this.another()]);
  }

  async end(): Promise<void> {
    await Promise.all(this.processes.map((shop) => shop.kill()));
    this.partner.stop();
    await this.database.drop();
  }

  migrate(): string[] {
    return migrate(this.program('migrate'), this.environment);
  }

  /** One more process. */
  another(rawBody?: 'on' | 'off'): Promise<ShopProcess> {
    return this.startShop(rawBody === undefined ? {} : { RAW_BODY: rawBody });
  }

  post(path: string, body: unknown, sender: Sender, shop = this.one): Promise<Answer> {
    return shop.client.post(path, body, this.call(sender));
  }

  get(path: string, sender: Sender = {}): Promise<Answer> {
    return this.one.client.get(path, this.call(sender));
  }

  /** The tasks of a tag, as the ready controller tells them in the envelope of the house. */
  async tasks(tag: string, sender: Sender = {}): Promise<any[]> {
    return (await this.get(`/tasks?tag=${encodeURIComponent(tag)}`, sender)).json.data.tasks;
  }

  /** Waits until the newest task of a tag is in a state, and gives it. */
  untilState(tag: string, state: string): Promise<any> {
    return until(`the task of "${tag}" to be ${state}`, async () => {
      const [task] = await this.tasks(tag);
      return task?.state === state && task;
    });
  }

  private call({ tag, tenant = 'acme', user = 'ann' }: Sender) {
    const headers = {
      'X-Tenant': tenant,
      ...(user !== null && { 'X-User': user }),
      ...(tag !== undefined && { [this.app.tagHeader]: tag }),
    };
    return { token: null, headers };
  }

  private async startShop(more: Partial<ShopEnvironment>, isCompiled = false): Promise<ShopProcess> {
    const shop = await ShopProcess.start(this.program('main', isCompiled), { ...this.environment, ...more });
    this.processes.push(shop);
    return shop;
  }

  /** The first process on SQLite is as it was compiled; the others are bundled, and start in less than half of the time. */
  private program(name: 'main' | 'migrate', isCompiled = false): string {
    const file = isCompiled ? join('dist', `${name}.js`) : join('bundled', `${name}.mjs`);
    return join(this.shops.folder, 'apps', this.app.name, file);
  }

  private get environment(): ShopEnvironment {
    return { DATABASE_URL: this.database.url, PARTNER_URL: this.partner.url };
  }
}
