import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureBeside } from './beside/index.js';
import { type Options, optionsOf } from './options.js';
import { measure } from './parts/index.js';
import { dropDatabase, LARGE } from './parts/look-up-table.js';
import { chart } from './report/chart.js';
import { machine } from './report/machine.js';
import { report, reportJson } from './report/report.js';

const RESULTS = join(import.meta.dirname, 'results');

/** Measures, tells the result, and keeps it when it is of everything. */
async function run({ command, parts, length, beside, isWhole }: Options): Promise<void> {
  const findings = await (beside === undefined ? measure(parts, length) : measureBeside(beside, length));
  const circumstances = { command, machine: await machine(), ...length };
  const text = report(findings, circumstances);
  console.log(`\n${text}`);
  mkdirSync(RESULTS, { recursive: true });
  if (beside !== undefined && length.isShort !== true) writeFileSync(join(RESULTS, 'beside.md'), text);
  if (!isWhole) return;
  writeFileSync(join(RESULTS, 'latest.md'), text);
  writeFileSync(join(RESULTS, 'latest.json'), reportJson(findings, circumstances));
  writeFileSync(join(RESULTS, 'latest.svg'), chart(findings.rows));
}

const words = process.argv.slice(2);
try {
  if (words[0] === 'drop') await dropDatabase(LARGE);
  else await run(optionsOf(words));
} catch (error) {
  console.error(`bench: ${(error as Error).message}`);
  process.exitCode = 1;
}
