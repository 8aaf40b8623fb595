import { join } from 'node:path';
import { ask } from '../pinned.js';
import { atMost, type Findings, median, type Row, spread } from '../report/row.js';
import { startProbe } from '../servers.js';
import type { Stage } from '../stage.js';
import type { FingerprintTimes } from './fingerprint-probe.js';

/** What the fingerprint of a body costs beside parsing it, in a process of its own. */
export async function measureFingerprint(stage: Stage, rounds: number): Promise<Findings> {
  const child = startProbe(stage, join(import.meta.dirname, 'fingerprint-probe.ts'));
  // Once before, so that both are compiled.
  await ask<FingerprintTimes[]>(child, {});
  const times: FingerprintTimes[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(...(await ask<FingerprintTimes[]>(child, {})));
  const names = [...new Set(times.map(({ name }) => name))];
  return {
    rows: names.map((name) =>
      rowOf(
        name,
        times.filter((one) => one.name === name),
      ),
    ),
    leftOut: [],
    details: [],
  };
}

function rowOf(name: string, times: FingerprintTimes[]): Row {
  return {
    id: `fingerprint ${name}`.replaceAll(/,? /g, '-').toLowerCase(),
    ours: `fingerprint of ${name}`,
    against: '`JSON.parse` of it',
    figure: 'time',
    unit: '×',
    ...spread(times.map(({ fingerprint, parse }) => fingerprint / parse)),
    absolute: [
      inMicroseconds(times.map(({ fingerprint }) => fingerprint)),
      inMicroseconds(times.map(({ parse }) => parse)),
    ],
    target: atMost(4),
    isSteady: true,
    isMoreBetter: false,
  };
}

function inMicroseconds(times: number[]): string {
  const micros = median(times) * 1000;
  return `${micros.toFixed(micros < 100 ? 1 : 0)} µs`;
}
