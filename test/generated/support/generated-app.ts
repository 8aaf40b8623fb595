import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packLibrary, ROOT } from '../../support/library/packed-library.js';
import { until } from '../../support/until.js';
import type { NestVersions } from '../../monorepo/support/nest-versions.js';

/** How long an application may take to start on a busy machine, in milliseconds. */
const STARTS_MS = 60_000;

/** What these tests do not use of what a generator adds. */
const UNUSED = /eslint|prettier|oxlint|coverage|mau|globals/;

const OFFLINE = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];

interface PackageJson {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

/** An application that a real generator made, in which somebody follows the guide. */
export class GeneratedApp {
  private readonly parent = mkdtempSync(join(tmpdir(), 'tasktag-generated-'));
  readonly folder = join(this.parent, 'shop');
  private process: ChildProcess | null = null;

  /** @param main the built program, in the folder */
  constructor(private readonly main: string) {}

  /** Generates it. */
  generate(...command: string[]): Promise<string> {
    return this.run(this.parent, 'npx', ['--yes', ...command]);
  }

  /** Leaves out what the tests do not use, and takes exact versions where they are known. */
  pin(versions: NestVersions): void {
    const file = join(this.folder, 'package.json');
    const { dependencies, devDependencies, ...others } = JSON.parse(
      readFileSync(file, 'utf8'),
    ) as PackageJson;
    const used = Object.entries(devDependencies).filter(([name]) => !UNUSED.test(name));
    const exact = Object.keys(dependencies).map((name) => [name, versions[name] ?? dependencies[name]]);
    const pinned = { dependencies: Object.fromEntries(exact), devDependencies: Object.fromEntries(used) };
    writeFileSync(file, JSON.stringify({ ...others, ...pinned }, null, 2));
  }

  /** Installs what is in its package.json, and some packages besides. */
  async install(...packages: string[]): Promise<void> {
    await this.npm('install', ...OFFLINE, ...packages);
  }

  /** The packed library, as the guide says while it is in no registry. */
  get tarball(): string {
    return packLibrary(this.parent);
  }

  /** SQLite's own script would load or compile it; it is here, of the same version, for the same Node. */
  takeSqlite(): void {
    const build = join('node_modules', 'better-sqlite3', 'build');
    cpSync(join(ROOT, build), join(this.folder, build), { recursive: true });
  }

  npm(...parameters: string[]): Promise<string> {
    return this.run(this.folder, 'npm', parameters);
  }

  /** Runs a command of the project; gives what it has written. */
  npx(...parameters: string[]): Promise<string> {
    return this.run(this.folder, 'npx', ['--no-install', ...parameters]);
  }

  /** Starts it, and waits until it answers. */
  async start(): Promise<string> {
    const port = await freePort();
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, [this.main], {
      cwd: this.folder,
      env: { PATH, HOME, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => void (output += chunk.toString()));
    const url = `http://127.0.0.1:${port}`;
    await until(
      'the application to answer',
      async () => {
        if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${output}`);
        return fetch(url).then(
          () => true,
          () => false,
        );
      },
      STARTS_MS,
    );
    return url;
  }

  async remove(): Promise<void> {
    if (this.process !== null && this.process.exitCode === null) {
      const exit = once(this.process, 'exit');
      this.process.kill();
      await exit;
    }
    rmSync(this.parent, { recursive: true });
  }

  private run(cwd: string, command: string, parameters: string[]): Promise<string> {
    // What the suite's own Jest has set would change the project's tests.
    const own = ['NODE_ENV', 'NODE_OPTIONS', 'JEST_WORKER_ID'];
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.includes(name)));
    Object.assign(env, { CI: 'true', NX_DAEMON: 'false', NX_NO_CLOUD: 'true' });
    const options = { cwd, env, maxBuffer: 1e8 };
    return new Promise((resolve, reject) => {
      execFile(command, parameters, options, (error, stdout, stderr) => {
        if (error === null) resolve(`${stdout}${stderr}`);
        else reject(new Error(`${command} ${parameters.join(' ')}: ${stdout}${stderr}`));
      });
    });
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
