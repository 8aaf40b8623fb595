import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PROGRAMS = join(import.meta.dirname, 'programs');

/** Debian's own; another one may be in the path, without Debian's modules. */
const PYTHON = '/usr/bin/python3';

/** Where Debian has the sources of Go's packages. */
const GO_PATH = '/usr/share/gocode';

const PKGCLOUD = '2.2.0';

/** A client of the matrix. */
export interface Client {
  title: string;
  /** The packages of Debian that it needs. */
  packages: string[];
  /** Its version, if it is not that of the first package. */
  version?: string;
  /** Why it cannot send `Task-tag`; `null` when it can. */
  whyNoTag: string | null;
  /** Why it never loses its patience; `null` when it can be told to. */
  whyNoTimeout: string | null;
  /** What a reader of its row should know. */
  note?: string;
  /** How it is run: a program, or Heat. */
  play: ProgramSource | 'heat' | 'heat with the plugin';
}

/** A program of `programs/`. */
export interface ProgramSource {
  /** Makes what is needed in a folder. */
  prepare: (folder: string) => Promise<Command>;
}

/** How a program is started. */
export interface Command {
  command: string[];
  /** Variables beside those that each program gets. */
  environment?: Record<string, string>;
}

const HEAT = ['heat-engine', 'heat-api'];
const HEAT_WAITS = 'Heat waits for an answer without end';

export const CLIENTS = {
  heat: {
    title: 'Heat',
    packages: HEAT,
    whyNoTag: 'Heat alone has no way to set a header',
    whyNoTimeout: HEAT_WAITS,
    play: 'heat',
  },
  'heat-plugin': {
    title: 'Heat with the plugin',
    packages: HEAT,
    whyNoTag: null,
    whyNoTimeout: HEAT_WAITS,
    play: 'heat with the plugin',
  },
  openstack: {
    title: 'the `openstack` command',
    packages: ['python3-openstackclient'],
    whyNoTag: 'The `openstack` command has no way to set a header',
    whyNoTimeout: 'The `openstack` command waits for an answer without end',
    play: script('sh', 'with_openstack.sh'),
  },
  sdk: {
    title: 'openstacksdk',
    packages: ['python3-openstacksdk'],
    whyNoTag: null,
    whyNoTimeout: null,
    play: script(PYTHON, 'with_openstacksdk.py'),
  },
  novaclient: {
    title: 'python-novaclient',
    packages: ['python3-novaclient'],
    whyNoTag: null,
    whyNoTimeout: null,
    play: script(PYTHON, 'with_novaclient.py'),
  },
  libcloud: {
    title: 'Apache Libcloud',
    packages: ['python3-libcloud'],
    whyNoTag: null,
    whyNoTimeout: null,
    play: script(PYTHON, 'with_libcloud.py'),
  },
  gophercloud: {
    title: 'gophercloud',
    packages: ['golang-github-gophercloud-gophercloud-dev', 'golang-go'],
    whyNoTag: null,
    whyNoTimeout: null,
    play: { prepare: buildGo },
  },
  fog: {
    title: 'fog-openstack',
    packages: ['ruby-fog-openstack'],
    whyNoTag: null,
    whyNoTimeout: null,
    play: script('ruby', 'with_fog.rb'),
  },
  pkgcloud: {
    title: 'pkgcloud',
    packages: [],
    version: PKGCLOUD,
    note: 'pkgcloud does not tell its caller of every error',
    whyNoTag: null,
    whyNoTimeout: null,
    play: { prepare: installPkgcloud },
  },
} satisfies Record<string, Client>;

export type ClientName = keyof typeof CLIENTS;

function script(interpreter: string, file: string): ProgramSource {
  return { prepare: () => Promise.resolve({ command: [interpreter, join(PROGRAMS, file)] }) };
}

async function buildGo(folder: string) {
  const program = join(folder, 'with_gophercloud');
  const env = {
    ...process.env,
    GO111MODULE: 'off',
    GOPATH: GO_PATH,
    GOFLAGS: '',
    GOCACHE: join(folder, 'go'),
  };
  await run('go', ['build', '-o', program, join(PROGRAMS, 'with_gophercloud.go')], { env });
  return { command: [program] };
}

async function installPkgcloud(folder: string) {
  console.log(`npm installs pkgcloud ${PKGCLOUD} into ${folder}`);
  mkdirSync(folder, { recursive: true });
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder];
  await run('npm', ['install', ...options, `pkgcloud@${PKGCLOUD}`], { cwd: folder });
  return {
    command: [process.execPath, join(PROGRAMS, 'with_pkgcloud.mjs')],
    environment: { PKGCLOUD: folder },
  };
}
