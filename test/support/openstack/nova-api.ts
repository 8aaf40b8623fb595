import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Client } from '../network/http.js';
import { until } from '../until.js';
import { IN_ROOT, LAB_FOLDER, LAB_KIND, NEWEST_ROOT } from './lab.js';

/** One more nova-api of the lab's cloud, which a test may freeze and kill: nobody else uses it. */
export class NovaApi {
  private readonly folder: string;
  private child: ChildProcess | undefined;
  private port = 0;

  private constructor(
    private readonly program: Program,
    private readonly more: string[],
  ) {
    this.folder = mkdtempSync(join(program.parent, 'tasktag-nova-api-'));
  }

  /** @param more lines of its nova.conf beside the lab's */
  static start(more: string[] = []): Promise<NovaApi> {
    return NovaApi.of(programs[LAB_KIND], more);
  }

  /**
   * The same of the newest lab, under uWSGI with the settings of Debian's own package: each connection is closed after its
   * answer, which does not say so.
   */
  static startStock(): Promise<NovaApi> {
    return NovaApi.of(programs.stock, []);
  }

  private static async of(program: Program, more: string[]): Promise<NovaApi> {
    const api = new NovaApi(program, more);
    api.port = await freePort();
    await api.start();
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it, at first or again, and waits until it answers. */
  async start(): Promise<void> {
    const [program, ...options] = this.program.command(this.folder, this.port, this.more);
    // A group of its own: it has a parent and a worker, and signals go to both.
    this.child = spawn(program as string, options, { detached: true, stdio: 'ignore' });
    const client = new Client(this.url);
    const answers = () =>
      client.get('/v2.1', { token: null }).then(
        ({ status }) => status === 200,
        () => false,
      );
    await until('nova-api to answer', answers, 60_000);
    client.close();
  }

  /** Stops its processes where they are; connections stay, and nothing is answered. */
  freeze(): void {
    this.signal('SIGSTOP');
  }

  thaw(): void {
    this.signal('SIGCONT');
  }

  /** Ends it at once, with all requests that it has. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    this.child = undefined;
    const exit = once(child, 'exit');
    process.kill(-(child.pid as number), 'SIGKILL');
    await exit;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true });
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.child !== undefined) process.kill(-(this.child.pid as number), signal);
  }
}

/** A way to start a nova-api. */
interface Program {
  /** Where its folder is. */
  parent: string;
  /** The command, for settings in that folder. */
  command: (folder: string, port: number, more: string[]) => string[];
}

/** How each lab's Nova is started. */
const programs = {
  zed: {
    parent: tmpdir(),
    command: (folder, port, more) => {
      const own = join(folder, 'nova.conf');
      const settings = { osapi_compute_listen_port: port, osapi_compute_workers: 1 };
      const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
      writeFileSync(own, ['[DEFAULT]', ...lines, ...more, ''].join('\n'));
      const labs = join(LAB_FOLDER, 'etc/nova/nova.conf');
      return ['nova-api', '--config-file', labs, '--config-file', own];
    },
  },
  new: {
    parent: join(LAB_FOLDER, 'data'),
    command: (folder, port, more) => {
      const labs = readFileSync(join(LAB_FOLDER, 'etc/nova/uwsgi.ini'), 'utf8');
      return underUwsgi(folder, port, labs, more);
    },
  },
  stock: {
    parent: join(LAB_FOLDER, 'data'),
    command: (folder, port, more) => {
      const packaged = readFileSync(join(NEWEST_ROOT, 'etc/nova/nova-api-uwsgi.ini'), 'utf8');
      return underUwsgi(folder, port, packaged, more);
    },
  },
} satisfies Record<string, Program>;

/** Lines of uWSGI's settings that are about a machine, and not about how it answers. */
const OF_THE_MACHINE = /^(http-socket|processes|chdir|logto|uid|gid|wsgi-file|paste-logger|env)\b.*$/gm;

/** There is no program `nova-api` any more: it is a module that uWSGI runs, in a Debian where the lab's folder is /lab. */
function underUwsgi(folder: string, port: number, settings: string, more: string[]): string[] {
  const labs = join(LAB_FOLDER, 'etc/nova');
  for (const name of ['api-paste.ini', 'nova.conf', 'policy.yaml'])
    copyFileSync(join(labs, name), join(folder, name));
  appendFileSync(join(folder, 'nova.conf'), ['', ...more, ''].join('\n'));
  const own = `/lab/data/${basename(folder)}`;
  const ofThisMachine = [
    `http-socket = 127.0.0.1:${port}`,
    // A process takes one request at a time, and the tests send several.
    'processes = 4',
    'chdir = /lab/data',
    'disable-logging = true',
    `env = OS_NOVA_CONFIG_DIR=${own}`,
  ];
  const lines = [settings.replace(OF_THE_MACHINE, ''), ...ofThisMachine, ''];
  writeFileSync(join(folder, 'uwsgi.ini'), lines.join('\n'));
  return [IN_ROOT, 'uwsgi_python3', '--ini', `${own}/uwsgi.ini`];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
