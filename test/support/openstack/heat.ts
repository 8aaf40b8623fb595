import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createDatabase, type TestDatabase } from '../database/database.js';
import { Client } from '../network/http.js';
import { until } from '../until.js';
import { LAB_KEYSTONE, LAB_NOTIFICATIONS } from './lab.js';

const run = promisify(execFile);

/** The plugin that is tested. */
const PLUGINS = join(import.meta.dirname, '../../../integrations/heat/plugins');

/** Heat needs some seconds for its start, and for an answer when the machine is busy. */
const SLOW_MS = 150_000;

/** How a Heat is set up. */
export interface HeatSettings {
  /** The region of the catalogue that it finds Nova in. */
  region: string;
  /** @default true */
  withPlugin?: boolean;
}

/** Who asks Heat, and in which project. */
export interface Account {
  token: string;
  /** The project's id. */
  project: string;
}

/** Heat from the packages of this machine: one engine and one API, with their own database and RabbitMQ vhost. */
export class Heat {
  readonly client: Client;
  private engine: ChildProcess | undefined;
  private api: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly name: string,
    private readonly database: TestDatabase,
    private readonly account: Account,
    port: number,
  ) {
    this.client = new Client(`http://127.0.0.1:${port}`, { keepAlive: false });
  }

  /** Starts it, and waits until it answers this user. */
  static async start(settings: HeatSettings, account: Account): Promise<Heat> {
    const database = await createDatabase('mariadb');
    const name = new URL(database.url).pathname.slice(1);
    const folder = mkdtempSync(join(tmpdir(), 'tasktag-heat-'));
    const heat = new Heat(folder, name, database, account, await freePort());
    await rabbitmqctl('add_vhost', name);
    await rabbitmqctl('set_permissions', '-p', name, new URL(LAB_NOTIFICATIONS).username, '.*', '.*', '.*');
    writeFileSync(heat.configuration, heat.configure(settings));
    await run('heat-manage', ['--config-file', heat.configuration, 'db_sync']);
    heat.api = heat.spawn('heat-api');
    try {
      await heat.startEngine();
    } catch (error) {
      await heat.close();
      throw error;
    }
    return heat;
  }

  /** Starts the engine, at first or again, and waits until it answers. */
  async startEngine(): Promise<void> {
    this.engine = this.spawn('heat-engine');
    await until('Heat to answer', () => this.answers(), SLOW_MS);
  }

  /** Ends the engine at once, as a power cut would. */
  async killEngine(): Promise<void> {
    await end(this.engine, 'SIGKILL');
  }

  /** What the engine has written. */
  log(): string {
    return readFileSync(join(this.folder, 'heat-engine.log'), 'utf8');
  }

  async close(): Promise<void> {
    await Promise.all([end(this.engine, 'SIGKILL'), end(this.api, 'SIGKILL')]);
    this.client.close();
    await rabbitmqctl('delete_vhost', this.name);
    await this.database.drop();
    rmSync(this.folder, { recursive: true });
  }

  private async answers(): Promise<boolean> {
    if (this.api?.exitCode != null || this.engine?.exitCode != null)
      throw new Error(`Heat ended: ${this.log()}`);
    try {
      const { project, token } = this.account;
      const { status } = await this.client.get(`/v1/${project}/stacks`, { token });
      return status === 200;
    } catch (error) {
      if ((error as { code?: string }).code === 'ECONNREFUSED') return false;
      throw error;
    }
  }

  private get configuration(): string {
    return join(this.folder, 'heat.conf');
  }

  private spawn(program: string): ChildProcess {
    const log = join(this.folder, `${program}.log`);
    return spawn(program, ['--config-file', this.configuration, '--log-file', log], { stdio: 'ignore' });
  }

  private configure({ region, withPlugin = true }: HeatSettings): string {
    const { hostname, port, username, password } = new URL(this.database.url);
    const rabbit = new URL(LAB_NOTIFICATIONS);
    rabbit.protocol = 'rabbit:';
    rabbit.pathname = `/${this.name}`;
    const service = [
      'auth_type = password',
      `auth_url = ${LAB_KEYSTONE}`,
      'username = tasktag',
      'password = tasktag',
      'user_domain_id = default',
    ];
    const lines = [
      '[DEFAULT]',
      `transport_url = ${rabbit.href}`,
      `region_name_for_services = ${region}`,
      ...(withPlugin ? [`plugin_dirs = ${PLUGINS}`] : []),
      'num_engine_workers = 1',
      // A question that is asked before the engine listens is never answered.
      'rpc_response_timeout = 10',
      // How often it makes another server when one became ERROR.
      'action_retry_limit = 1',
      // How long a new engine waits until it takes one that is silent for dead, in seconds.
      'engine_life_check_timeout = 2',
      'heat_metadata_server_url = http://127.0.0.1:1',
      '[database]',
      `connection = mysql+pymysql://${username}:${password}@${hostname}:${port}/${this.name}?charset=utf8`,
      '[heat_api]',
      'bind_host = 127.0.0.1',
      `bind_port = ${new URL(this.client.url).port}`,
      'workers = 1',
      '[clients_keystone]',
      `auth_uri = ${LAB_KEYSTONE.replace(/\/v3$/, '')}`,
      '[trustee]',
      ...service,
      '[keystone_authtoken]',
      ...service,
      'project_name = service',
      'project_domain_id = default',
      '[oslo_concurrency]',
      `lock_path = ${this.folder}`,
    ];
    return `${lines.join('\n')}\n`;
  }
}

/** The lab's own node, or the one that the lab has found. */
async function rabbitmqctl(...words: string[]): Promise<void> {
  await run('rabbitmqctl', ['-q', '-n', 'rabbit@localhost', ...words]);
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
