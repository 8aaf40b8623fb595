import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { basename, join, resolve } from 'node:path';
import { Client } from './http.js';
import { until } from './until.js';

const LAB = process.env['OPENSTACK_LAB_NEW_DIR'] ?? '/tmp/openstack-lab-new';
const ROOT = process.env['OPENSTACK_LAB_NEW_ROOT'] ?? join(LAB, 'root');
const HOME = process.env['OPENSTACK_LAB_NEW_HOME'] ?? '../shared/openstack-lab-new';

/** Lines of the package's file that are about its machine and not about how it answers. */
const OF_THE_MACHINE = /^(processes|chdir|logto|uid|gid|wsgi-file|paste-logger|http-socket)\b.*$/gm;

/**
 * One more nova-api of the newest lab's cloud, under uWSGI with the settings of Debian's own package: each connection is
 * closed after its answer, which does not say so.
 */
export class StockNovaApi {
  private readonly folder = mkdtempSync(join(LAB, 'data', 'tasktag-stock-'));
  private child!: ChildProcess;
  private port = 0;

  static async start(): Promise<StockNovaApi> {
    const api = new StockNovaApi();
    await api.start();
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    const exit = once(this.child, 'exit');
    process.kill(-(this.child.pid as number), 'SIGKILL');
    await exit;
    rmSync(this.folder, { recursive: true });
  }

  private async start(): Promise<void> {
    this.port = await freePort();
    const packaged = readFileSync(join(ROOT, 'etc/nova/nova-api-uwsgi.ini'), 'utf8');
    const own = [
      'processes = 4',
      'chdir = /lab/data',
      'disable-logging = true',
      `http-socket = 127.0.0.1:${this.port}`,
      'env = OS_NOVA_CONFIG_DIR=/lab/etc/nova',
    ];
    writeFileSync(
      join(this.folder, 'uwsgi.ini'),
      [packaged.replace(OF_THE_MACHINE, ''), ...own, ''].join('\n'),
    );
    const inRoot = join(resolve(import.meta.dirname, '../..', HOME), 'in-root');
    const ini = `/lab/data/${basename(this.folder)}/uwsgi.ini`;
    this.child = spawn(inRoot, ['uwsgi_python3', '--ini', ini], { detached: true, stdio: 'ignore' });
    const client = new Client(this.url);
    const answers = () =>
      client.get('/v2.1', { token: null }).then(
        ({ status }) => status === 200,
        () => false,
      );
    await until('nova-api to answer', answers, 60_000);
    client.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
