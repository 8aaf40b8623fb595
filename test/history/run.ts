import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { check } from './checker/check.js';
import { report } from './checker/report.js';
import { closeWire } from './clients/wire.js';
import { GROUNDS } from './grounds/index.js';
import { readJournal } from './journal/journal.js';
import { type Plant, PLANTS } from './plants/plants.js';
import { runHistory, type RunResult } from './run-history.js';

const USAGE = `npm run test:history -- [--ground ${Object.keys(GROUNDS).join('|')}] [--minutes 15] [--seed N] [--clients 24]
                          [--out FILE] [--plant '${Object.keys(PLANTS).join("'|'")}']
npm run test:history -- --check FILE    checks a history that was written down before`;

const { values } = parseArgs({
  options: {
    ground: { type: 'string', default: 'galera' },
    minutes: { type: 'string', default: '15' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    clients: { type: 'string', default: '24' },
    out: { type: 'string' },
    plant: { type: 'string' },
    check: { type: 'string' },
  },
});

function checkFile(path: string): RunResult {
  const entries = readJournal(path);
  const violations = check(entries);
  return { violations, report: report(entries, violations) };
}

async function run(): Promise<RunResult> {
  const { ground: name, seed, minutes, clients, plant } = values;
  const isKnown = name in GROUNDS && (plant === undefined || plant in PLANTS);
  if (!isKnown || ![seed, minutes, clients].every((number) => Number(number) > 0)) throw new Error(USAGE);
  const path = values.out ?? join(tmpdir(), `tasktag-history-${name}-${seed}.jsonl`);
  console.log(`seed ${seed}, the history is ${path}`);
  const ground = await GROUNDS[name as keyof typeof GROUNDS]();
  try {
    const seconds = Number(minutes) * 60;
    return await runHistory(ground, {
      seed: Number(seed),
      seconds,
      clients: Number(clients),
      path,
      plant: (plant as Plant | undefined) ?? null,
    });
  } finally {
    await ground.close();
    closeWire();
  }
}

const result = values.check === undefined ? await run() : checkFile(values.check);
console.log(result.report);
process.exitCode = result.violations.length === 0 ? 0 : 1;
