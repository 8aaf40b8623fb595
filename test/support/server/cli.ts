import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { IN_ROOT, LAB_FOLDER } from '../openstack/lab.js';
import { type Ended, OpenstackCommands } from './openstack-commands.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const DOCUMENT = join(ROOT, 'docs', 'simulated-cloud.md');
const PLUGIN = join(ROOT, 'integrations', 'openstackclient');

/** Which `openstack` command it is, and where its files are. */
interface Place {
  parent: string;
  /** Where it is started for each command; without, it is this machine's own. */
  command?: (folder: string) => string[];
}

const HERE: Place = { parent: tmpdir() };

/** The command of the newest lab's own Debian. */
export const IN_NEWEST_LAB: Place = {
  parent: join(LAB_FOLDER, 'data'),
  command: (folder) => {
    const clouds = `/lab/data/${basename(folder)}/clouds.yaml`;
    const plugins = `/lab/data/${basename(folder)}/plugins`;
    const variables = [`OS_CLIENT_CONFIG_FILE=${clouds}`, 'OS_CLOUD=tasktag', `PYTHONPATH=${plugins}`];
    return [IN_ROOT, 'env', ...variables, 'openstack'];
  },
};

/** The `openstack` command with a `clouds.yaml` of its own. */
export class Cli {
  private readonly folder: string;
  private readonly commands: OpenstackCommands;

  /** @param clouds what its `clouds.yaml` says */
  constructor(
    port: number,
    clouds = cloudsYaml(port),
    private readonly place = HERE,
  ) {
    this.folder = mkdtempSync(join(place.parent, 'tasktag-cli-'));
    writeFileSync(this.cloudsFile, clouds);
    this.commands = new OpenstackCommands(this.folder, {
      PATH: process.env['PATH'],
      HOME: this.folder,
      OS_CLOUD: 'tasktag',
      PYTHONPATH: this.plugins,
    });
  }

  /** Where its `clouds.yaml` is. */
  get cloudsFile(): string {
    return join(this.folder, 'clouds.yaml');
  }

  /** Puts the plugin of integrations/openstackclient/ where the command finds it, as pip does, which need not be here. */
  addPlugin(): this {
    const text = readFileSync(join(PLUGIN, 'pyproject.toml'), 'utf8');
    const [, name = '', version = ''] = /^name = "(.*)"\nversion = "(.*)"$/m.exec(text) ?? [];
    const groups = [...text.matchAll(/^\[project\.entry-points\."(.*)"\]\n((?:\w+ = ".*"\n)+)/gm)];
    const entries = groups
      .map(([, group, lines = '']) => `[${group}]\n${lines.replaceAll('"', '')}`)
      .join('\n');
    const about = join(this.plugins, `${name.replaceAll('-', '_')}-${version}.dist-info`);
    mkdirSync(about, { recursive: true });
    writeFileSync(join(about, 'METADATA'), `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`);
    writeFileSync(join(about, 'entry_points.txt'), entries);
    cpSync(join(PLUGIN, 'tasktag_osc'), join(this.plugins, 'tasktag_osc'), { recursive: true });
    // What is loaded already does not know of it.
    this.commands.close();
    return this;
  }

  private get plugins(): string {
    return join(this.folder, 'plugins');
  }

  /** Runs a command at the cloud `tasktag`; what it prints as JSON. */
  async json(command: string, ...more: string[]): Promise<any> {
    return JSON.parse(await this.do(command, ...more, '-f', 'json'));
  }

  /**
   * Runs a command; what it prints. `command` is split at blanks, `more` is taken as it is.
   *
   * @throws Error with what the command says when it ends with another code than 0
   */
  async do(command: string, ...more: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.ended([...command.split(' '), ...more]);
    if (code === 0) return stdout;
    throw Object.assign(new Error(`openstack ${command}: ${stderr}`), { code, stdout, stderr });
  }

  /** Runs a command that must fail; what it says. */
  async failing(command: string, ...more: string[]): Promise<string> {
    return (await this.failure(command, ...more)).stderr;
  }

  /** Runs a command that must fail; its exit code, and all that it says. */
  async failure(command: string, ...more: string[]): Promise<Ended> {
    const ended = await this.ended([...command.split(' '), ...more]);
    if (ended.code === 0) throw new Error(`openstack ${command} did not fail`);
    return ended;
  }

  close(): void {
    this.commands.close();
    rmSync(this.folder, { recursive: true });
  }

  private ended(words: string[]): Promise<Ended> {
    return this.place.command
      ? started([...this.place.command(this.folder), ...words])
      : this.commands.run(words);
  }
}

/** A command in a process of its own. */
function started([program = '', ...words]: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      program,
      words,
      { timeout: 55_000, env: { PATH: process.env['PATH'] } },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
  });
}

/**
 * `tasktag` is that of docs/simulated-cloud.md, so that what the page says is tested. `no-identity` does without the
 * identity service, as with Nova's noauth2.
 */
function cloudsYaml(port: number): string {
  const url = `http://127.0.0.1:${port}`;
  const [, tasktag] = /```yaml\n(clouds:\n.*?)```/s.exec(readFileSync(DOCUMENT, 'utf8')) ?? [];
  if (tasktag === undefined) throw new Error('docs/simulated-cloud.md shows no clouds.yaml.');
  return `${tasktag.replaceAll('http://127.0.0.1:8780', url)}
  no-identity:
    auth_type: admin_token
    auth:
      endpoint: ${url}/v2.1
      token: alice:demo
    image_endpoint_override: ${url}/image
    network_endpoint_override: ${url}/network
`;
}
