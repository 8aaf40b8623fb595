import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../until.js';
import { Client } from './http.js';

/** Where Debian has them; the path of a user who is not root may lack it. */
const SBIN = '/usr/sbin';

const isRoot = process.getuid?.() === 0;

/** A proxy of Debian's as a process of this test's, in front of a server. */
export class Proxy {
  readonly client: Client;

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    port: number,
  ) {
    this.client = new Client(`http://127.0.0.1:${port}`);
  }

  /**
   * nginx with these lines for its one server; `$b` in them is the server behind it.
   *
   * @param http lines beside it, in which `$folder` is one that it may write to
   */
  static nginx(backend: string, server: string, http = ''): Promise<Proxy> {
    return Proxy.start(backend, (folder, port) => {
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
      const config = `${isRoot ? 'user root;' : ''} daemon off; pid ${folder}/pid; error_log ${folder}/log;
        events {} http { access_log off;
        ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
        ${http.replaceAll('$folder', folder)} upstream b { server ${new URL(backend).host}; }
        server { listen 127.0.0.1:${port}; ${server} } }`;
      return ['nginx', '-e', `${folder}/log`, '-p', folder, '-c', configFile(folder, config)];
    });
  }

  /** Varnish as it comes, with its built-in rules. */
  static varnish(backend: string): Promise<Proxy> {
    return Proxy.start(backend, (folder, port) => {
      const { hostname, port: at } = new URL(backend);
      const file = configFile(folder, `vcl 4.1; backend b { .host = "${hostname}"; .port = "${at}"; }`);
      const own = ['-n', join(folder, 'work'), '-j', 'none', '-s', 'malloc,16m', '-T', '127.0.0.1:0'];
      return ['varnishd', '-F', '-a', `127.0.0.1:${port}`, '-f', file, ...own];
    });
  }

  /** Apache with these lines; `$b` in them is the server behind it. */
  static apache(backend: string, lines: string): Promise<Proxy> {
    return Proxy.start(backend, (folder, port) => {
      const modules = ['mpm_event', 'authz_core', 'headers', 'proxy', 'proxy_http'];
      const config = [
        `ServerRoot ${folder}`,
        `DefaultRuntimeDir ${folder}`,
        `PidFile ${folder}/pid`,
        `ErrorLog ${folder}/log`,
        `Listen 127.0.0.1:${port}`,
        'ServerName localhost',
        ...(isRoot ? ['User www-data', 'Group www-data'] : []),
        ...modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
        lines.replaceAll('$b', backend),
      ];
      return ['apache2', '-D', 'FOREGROUND', '-f', configFile(folder, config.join('\n'))];
    });
  }

  /** HAProxy with these lines for its one frontend. */
  static haproxy(backend: string, lines = ''): Promise<Proxy> {
    return Proxy.start(backend, (folder, port) => {
      const config = [
        'defaults',
        ' mode http',
        ...['connect', 'client', 'server'].map((name) => ` timeout ${name} 10s`),
        'listen b',
        ` bind 127.0.0.1:${port}`,
        ` ${lines}`,
        ` server b ${new URL(backend).host}`,
      ];
      return ['haproxy', '-db', '-f', configFile(folder, `${config.join('\n')}\n`)];
    });
  }

  private static async start(
    backend: string,
    commandOf: (folder: string, port: number) => string[],
  ): Promise<Proxy> {
    const folder = mkdtempSync(join(tmpdir(), 'tasktag-proxy-'));
    const port = await freePort();
    const [program = '', ...args] = commandOf(folder, port);
    const child = spawn(join(SBIN, program), args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    const proxy = new Proxy(child, folder, port);
    try {
      await until(`${program} in front of ${backend}`, () => {
        if (child.exitCode !== null) throw new Error(`${program} has ended: ${said}`);
        return isOpen(port);
      });
    } catch (error) {
      await proxy.stop();
      throw error;
    }
    return proxy;
  }

  async stop(): Promise<void> {
    this.client.close();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      await once(this.child, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function configFile(folder: string, text: string): string {
  const file = join(folder, 'config');
  writeFileSync(file, text);
  return file;
}

async function freePort(): Promise<number> {
  const server: Server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
