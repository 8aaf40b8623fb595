import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOf } from '../builds.js';
import { type BenchDatabase, openDatabases } from '../databases.js';
import { createDatabase, type TestDatabase } from '../../test/support/database/database.js';
import { stop } from '../pinned.js';
import type { CaseName } from './cases.js';
import { type Findings, report } from './report.js';
import { measureRounds } from './rounds.js';
import { type GatewayServer, startBareProxy, startGateway, startLoad, startStandIns } from './servers.js';
import { readSlowly } from './slow-reader.js';

const RESULTS = join(import.meta.dirname, '..', 'results');

const words = process.argv.slice(2);
const isQuick = words.includes('quick');
const beside = words[0] === 'beside' ? words[1] : undefined;
const { rounds, seconds } = isQuick ? { rounds: 3, seconds: 0.4 } : { rounds: 7, seconds: 1 };

/** The whole benchmark. */
async function run(
  database: BenchDatabase,
  another: () => Promise<TestDatabase>,
  started: ChildProcess[],
): Promise<string> {
  const load = startLoad(started);
  const standIns = await startStandIns(started);
  const proxy = await startBareProxy(standIns, started);
  // As the gateway sends what changes something.
  const fresh = await startBareProxy(standIns, started, { keeps: false });
  // A Nova and a database of its own for each: a gateway finds whatever servers there are, and follows all tasks.
  const gateway = await startGateway('info', database.url, await startStandIns(started), started);
  const quiet = await startGateway('warn', (await another()).url, await startStandIns(started), started);
  const others: GatewayServer[] = [];
  if (beside !== undefined) {
    const build = buildOf(beside);
    const own = await startStandIns(started);
    const older = await startGateway('info', (await another()).url, own, started, build);
    others.push({ ...older, name: `${build.title}, LOG_LEVEL=info` });
  }
  const gateways = [gateway, ...others];
  const { nova } = standIns;
  const servers: Record<CaseName, GatewayServer[]> = {
    read: [nova, proxy, ...gateways, quiet],
    'read-one': [nova, proxy, ...gateways],
    update: [proxy, fresh, ...gateways, quiet],
    large: [proxy, ...gateways],
    create: [proxy, fresh, ...gateways],
    duplicate: gateways,
  };

  const { samples, lookMicros } = await measureRounds({ load, servers, gateways, rounds, seconds });

  const slowReadings: Findings['slowReadings'] = [];
  for (const server of [proxy, gateway])
    slowReadings.push({ server: server.name, reading: await readSlowly(server, nova) });
  const command = ['npm run bench:gateway', ...(words.length > 0 ? ['--', ...words] : [])].join(' ');
  return report(samples, proxy.name, {
    command,
    database: database.name,
    rounds,
    seconds,
    slowReadings,
    lookMicros,
  });
}

const databases: TestDatabase[] = [];
const started: ChildProcess[] = [];
const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => reject(new Error(`Ended by ${signal}.`)));
  }
});
try {
  // MariaDB where there is one.
  const opened = await openDatabases();
  databases.push(...opened);
  const database = opened.at(-1) as BenchDatabase;
  const another = async () => {
    const other = await createDatabase(database.kind);
    databases.push(other);
    return other;
  };
  const text = await Promise.race([run(database, another, started), interrupted]);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, beside === undefined ? 'gateway.md' : 'gateway-beside.md'), text);
  console.log(`\n${text}`);
} finally {
  for (const child of started) await stop(child);
  for (const database of databases) await database.drop();
}
