// Runs all tests that this machine can run, and lists those that it had to leave out. With CI=true nothing may be left
// out.
//
//   npm test                     everything
//   npm test -- --only unit      one part: unit, memory, sqlite, mariadb, postgres, package, monorepo, generated,
//                               command, cli, browser, galera, proxies, history, openstack, zed, heat
//   npm test -- <jest options>   the rest goes to Jest
//
// `openstack` is all tests of the gateway, on the newest OpenStack lab that is here; `zed` is those of them in which
// releases differ most, on the lab with Zed, when the other one has them all. OPENSTACK_LAB says which labs there must
// be: new, zed or both.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import postgres from 'pg';
import { whyNoLab } from './labs.js';

/** How many of the files that took the longest are named. */
const SHOWN_AS_SLOW = Number(process.env.TASKTAG_SLOWEST ?? 5);

const root = join(import.meta.dirname, '..');
const mariadbUrl = process.env.TEST_MARIADB_URL ?? 'mysql://root@127.0.0.1:3306';
const postgresUrl = process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const options = process.argv.slice(2);
const only = options[0] === '--only' ? options.splice(0, 2)[1]?.split(',') : undefined;

const noMariadb = await whyNoMariadb();
const noPostgres = await whyNoPostgres();
const labs = process.env.OPENSTACK_LAB;
const noLab = { new: await whyNoLab('new'), zed: await whyNoLab('zed') };
const newestLab = labs === 'zed' || (!labs && noLab.new && !noLab.zed) ? 'zed' : 'new';
const whyNoZed =
  newestLab === 'zed' ? `it has all of openstack, since ${noLab.new ?? 'that was asked for'}` : noLab.zed;
const isAsked = (name) => only === undefined || only.includes(name);

const parts = [
  { name: 'unit' },
  { name: 'memory' },
  { name: 'sqlite' },
  { name: 'mariadb', missing: noMariadb },
  { name: 'postgres', missing: noPostgres },
  { name: 'package' },
  { name: 'monorepo', missing: (isAsked('monorepo') ? whyNoRegistry() : null) ?? noMariadb ?? noPostgres },
  { name: 'generated', missing: whyNotGenerated() },
  { name: 'command' },
  {
    name: 'cli',
    missing: inPath('openstack') ? null : 'the openstack command is not installed (python3-openstackclient)',
  },
  { name: 'browser', missing: inPath('chromium') ? null : 'Chromium is not installed (chromium)' },
  { name: 'galera', missing: whyNoGalera() },
  { name: 'proxies', missing: whyNoProxies() },
  { name: 'history', missing: whyNoGalera() },
  { name: 'openstack', lab: newestLab, missing: noLab[newestLab] ?? noMariadb, optional: !labs },
  { name: 'zed', lab: 'zed', missing: whyNoZed ?? noMariadb, optional: labs !== 'both' },
  { name: 'heat', lab: 'zed', missing: whyNoHeat() ?? noLab.zed ?? noMariadb, optional: true },
].filter(({ name }) => isAsked(name));

// Specs that need these skip themselves (test/support/services/services.ts, test/server/board.e2e-spec.ts).
const services = [
  {
    name: 'specs of messages',
    missing: await whyNoService('RabbitMQ', 'TEST_RABBITMQ_URL', 'amqp://127.0.0.1:5672'),
  },
  {
    name: 'specs of jobs and messages',
    missing: await whyNoService('Redis', 'TEST_REDIS_URL', 'redis://127.0.0.1:6379'),
  },
  {
    name: 'specs of alerts',
    missing: inPath('promtool') ? null : 'promtool is not installed (prometheus)',
  },
].filter(() => ['sqlite', 'mariadb', 'postgres'].some(isAsked));

const leftOut = [...parts, ...services].filter(({ missing }) => missing);
const running = parts.filter(({ missing }) => !missing).map(({ name }) => name);

const demanded = leftOut.filter(({ optional }) => !optional);
if (process.env.CI === 'true' && demanded.length > 0) {
  for (const { name, missing } of demanded) console.error(`tests: ${name} must run in CI, but ${missing}`);
  process.exit(1);
}
if (running.length === 0) {
  for (const { name, missing } of leftOut) console.log(`left out: ${name}: ${missing}`);
  process.exit(0);
}

spawnSync(process.execPath, [join(root, 'scripts', 'build-if-needed.js')], { stdio: 'inherit' });

// These stop and freeze services that they share: one file after the other, and nothing else meanwhile.
const alone = ['galera', 'proxies', 'history', 'openstack', 'zed', 'heat'];
const others = running.filter((name) => !alone.includes(name));
const startedAt = Date.now();
const runs = [];
if (others.length > 0) runs.push(await runJest(others));
for (const name of alone) if (running.includes(name)) runs.push(await runJest([name], '--runInBand'));

const failures = runs.flatMap(({ failures }) => failures);
for (const failure of failures) console.log(`failed: ${failure}`);
for (const { name, missing } of leftOut) console.log(`left out: ${name}: ${missing}`);
if (leftOut.length === 0) console.log('left out: nothing');
if (process.env.THOROUGH !== '1')
  console.log('shortened: tests that try random cases tried a quarter of them (all: THOROUGH=1)');
const slowest = runs.flatMap(({ times }) => times).sort(([one], [other]) => other - one);
console.log(
  `slowest: ${slowest
    .slice(0, SHOWN_AS_SLOW)
    .map(([seconds, name]) => `${name} ${seconds} s`)
    .join(', ')}`,
);
const passed = runs.reduce((sum, run) => sum + run.passed, 0);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(runs.every(({ status }) => status === 0) ? 0 : 1);

/** Runs some parts, and returns how many tests passed, and which failed. */
async function runJest(projects, ...more) {
  const folder = mkdtempSync(join(tmpdir(), 'tasktag-results-'));
  const results = join(folder, 'results.json');
  const jest = spawn(
    process.execPath,
    [
      join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
      ...options,
      ...['--selectProjects', ...projects],
      ...['--reporters', join(root, 'scripts', 'progress-reporter.js')],
      ...more,
    ],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      // A group of its own, so that everything that the tests have started ends with it.
      detached: true,
      env: {
        ...process.env,
        TEST_MARIADB_URL: mariadbUrl,
        TEST_POSTGRES_URL: postgresUrl,
        OPENSTACK_LAB: parts.find(({ name }) => name === projects[0])?.lab ?? 'zed',
        TASKTAG_TESTS_STARTED: String(startedAt),
        TASKTAG_TEST_RESULTS: results,
      },
    },
  );
  const stop = () => {
    process.kill(-jest.pid, 'SIGKILL');
    rmSync(folder, { recursive: true });
    process.exit(130);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  const [status] = await once(jest, 'exit');
  for (const signal of SIGNALS) process.off(signal, stop);
  const { passed, failures, times } = existsSync(results)
    ? JSON.parse(readFileSync(results, 'utf8'))
    : { passed: 0, failures: [], times: [] };
  rmSync(folder, { recursive: true });
  return { status: status ?? 1, passed, failures, times };
}

async function whyNoService(name, variable, usual) {
  const { hostname, port } = new URL(process.env[variable] ?? usual);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, 'connect');
    return null;
  } catch {
    return `no ${name} answers at ${hostname}:${port}; ${variable} may name another one`;
  } finally {
    socket.destroy();
  }
}

async function whyNoMariadb() {
  try {
    const connection = await createConnection({ uri: mariadbUrl, connectTimeout: 3000 });
    await connection.end();
    return null;
  } catch (error) {
    return `no MariaDB answers at ${mariadbUrl} (${error.code}); TEST_MARIADB_URL may name another one`;
  }
}

async function whyNoPostgres() {
  const client = new postgres.Client({ connectionString: postgresUrl, connectionTimeoutMillis: 3000 });
  try {
    await client.connect();
    await client.end();
    return null;
  } catch (error) {
    return `no PostgreSQL answers at ${postgresUrl} (${error.code}); TEST_POSTGRES_URL may name another one`;
  }
}

/** Whole applications are generated and installed, which is not what a newcomer should wait for. */
function whyNotGenerated() {
  if (only?.includes('generated') || process.env.CI === 'true' || process.env.THOROUGH === '1')
    return isAsked('generated') ? whyNoRegistry() : null;
  return 'it takes ten minutes (--only generated, or THOROUGH=1)';
}

/** The monorepo is installed as its team would install it. */
function whyNoRegistry() {
  const { status, stderr } = spawnSync('npm', ['ping', '--fetch-retries=0', '--fetch-timeout=5000'], {
    encoding: 'utf8',
  });
  if (status === 0) return null;
  const [, code = 'no answer'] = /npm error code (\S+)/.exec(stderr ?? '') ?? [];
  return `the npm registry does not answer (${code})`;
}

/** The Galera lab is a command that starts three nodes on this machine, and kills, freezes and isolates them. */
function whyNoGalera() {
  const home = process.env.GALERA_LAB_HOME;
  if (!home)
    return 'there is no Galera lab (GALERA_LAB_HOME, a folder with the command galera-lab, is not set)';
  if (!existsSync(join(home, 'galera-lab'))) return `there is no command galera-lab in ${home}`;
  const missing = ['mariadbd', 'rsync', 'lsof', 'haproxy'].filter((command) => !inPath(command));
  return missing.length === 0 ? null : `the Galera lab needs ${missing.join(', ')}`;
}

function whyNoProxies() {
  const missing = ['nginx', 'apache2', 'haproxy', 'varnishd'].filter((command) => !inPath(command));
  return missing.length === 0 ? null : `these are not installed: ${missing.join(', ')}`;
}

function whyNoHeat() {
  const missing = ['heat-engine', 'heat-api', 'rabbitmqctl'].filter((command) => !inPath(command));
  return missing.length === 0 ? null : `these are not installed: ${missing.join(', ')}`;
}

function inPath(command) {
  return `${process.env.PATH ?? ''}${delimiter}/usr/sbin`.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
