// npm run bench:check            fails when a ratio is worse than the one that is kept
// npm run bench:check -- keep    measures, and keeps the ratios
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { QUICK, QUICK_PARTS } from './options.js';
import { measure } from './parts/index.js';
import { type KeptRow, keptRows, missingRows, worseRows } from './report/regression.js';
import { ratio } from './report/markdown.js';
import type { Row } from './report/row.js';

const FILE = join(import.meta.dirname, 'results', 'quick.json');

const { rows, leftOut } = await measure(QUICK_PARTS, QUICK);
for (const line of leftOut) console.log(`left out: ${line}`);

if (process.argv[2] === 'keep') {
  writeFileSync(FILE, `${JSON.stringify(keptRows(rows), null, 2)}\n`);
  console.log(`kept in ${FILE}`);
} else {
  await check(JSON.parse(readFileSync(FILE, 'utf8')) as KeptRow[]);
}

/** What looks worse is measured twice more before it counts: something else may have kept the machine busy. */
async function check(kept: KeptRow[]): Promise<void> {
  tell(kept, rows);
  const missing = missingRows(kept, rows, leftOut);
  for (const { id } of missing) console.error(`bench: ${id} is kept, and was not measured`);
  if (missing.length > 0) process.exitCode = 1;
  let suspects = worseRows(kept, rows);
  for (let again = 1; again <= 2 && suspects.length > 0; again += 1) {
    const ids = new Set(suspects.map(({ id }) => id));
    console.log(`once more: ${[...ids].join(', ')}`);
    const { rows: next } = await measure(QUICK_PARTS, QUICK, (id) => ids.has(id));
    tell(suspects, next);
    suspects = worseRows(suspects, next);
  }
  for (const { id } of suspects) console.error(`bench: ${id} has become worse by more than a third`);
  if (suspects.length > 0) process.exitCode = 1;
}

function tell(kept: KeptRow[], measured: Row[]): void {
  for (const { id, value } of kept) {
    const row = measured.find((one) => one.id === id);
    if (row !== undefined) console.log(`${id}: ${ratio(row.value)} × (kept: ${ratio(value)} ×)`);
  }
}
