import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { CAN_PIN } from '../pinned.js';
import { median } from '../report/row.js';
import { CASE, type CaseName, CASES } from './cases.js';
import type { RoundsResult, Sample } from './rounds.js';
import type { SlowReading } from './slow-reader.js';

/** How the samples were taken, and what else was seen. */
export interface Findings {
  command: string;
  database: string;
  rounds: number;
  seconds: number;
  slowReadings: { server: string; reading: SlowReading }[];
  lookMicros: RoundsResult['lookMicros'];
}

/** What is told of each server. */
const FIGURES: { title: string; digits: number; of: (sample: Sample) => number }[] = [
  { title: 'CPU µs/request', digits: 0, of: ({ serverCpu, answers }) => (serverCpu / answers) * 1e6 },
  { title: 'p50 ms', digits: 2, of: ({ p50 }) => p50 },
  { title: 'p99 ms', digits: 1, of: ({ p99 }) => p99 },
  { title: 'requests/s', digits: 0, of: ({ answers, seconds }) => answers / seconds },
];

/** The result in Markdown. */
export function report(samples: Sample[], reference: string, findings: Findings): string {
  const { command, database, rounds, seconds, slowReadings, lookMicros } = findings;
  const [load = 0] = loadavg();
  return [
    '# The gateway, beside a bare proxy',
    `\`${command}\`, ${new Date().toISOString().slice(0, 10)}`,
    [
      `- ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}, ` +
        `${database}, ${['fastify', '@fastify/reply-from', 'undici'].map(version).join(', ')}`,
      `- ${CAN_PIN ? 'the measured server on core 0, load and upstream on core 1' : 'all share their cores'}; ` +
        `a load average of ${load.toFixed(1)} at the end`,
      `- medians of ${rounds} rounds of ${seconds} s each; in brackets, the median of the rounds' ratios to ${reference}`,
    ].join('\n'),
    ...CASES.flatMap((name) => [`## ${CASE[name].title}`, table(name, samples, reference)]),
    '## Finding out how a create has ended',
    lookTable(lookMicros),
    '## A reader that stops',
    slowTable(slowReadings),
    'What the columns mean, and what they do not: bench/gateway/README.md.',
    '',
  ].join('\n\n');
}

/** Duplicates are compared with what the proxy does with the create. */
function table(name: CaseName, samples: Sample[], reference: string): string {
  const own = samples.filter((sample) => sample.case === name);
  const compared = name === 'duplicate' ? 'create' : name;
  const rows = [...new Set(own.map(({ server }) => server))].map((server) => {
    const figures = FIGURES.map(({ digits, of }) => {
      const values = own.filter((sample) => sample.server === server);
      const ratios = values.map((sample) => {
        const other = samples.find(
          ({ round, case: one, server: another }) =>
            round === sample.round && one === compared && another === reference,
        );
        return of(sample) / of(other as Sample);
      });
      return `${median(values.map(of)).toFixed(digits)} (${median(ratios).toFixed(2)})`;
    });
    return [server, ...figures];
  });
  return markdown(['', ...FIGURES.map(({ title }) => title)], rows);
}

/** Beside the first gateway, which is this build's. */
function lookTable(lookMicros: Map<string, number[]>): string {
  const [own = []] = lookMicros.values();
  return markdown(
    ['', 'CPU µs/task'],
    [...lookMicros].map(([server, micros]) => {
      const ratios = micros.map((value, round) => value / (own[round] as number));
      return [server, `${median(micros).toFixed(0)} (${median(ratios).toFixed(2)})`];
    }),
  );
}

function slowTable(slowReadings: Findings['slowReadings']): string {
  return markdown(
    ['', 'answer', 'taken from the upstream', 'memory grew by', 'at most, until all was read'],
    slowReadings.map(({ server, reading }) => [
      server,
      ...[reading.answerMb, reading.takenMb, reading.grownMb, reading.peakMb].map(
        (mb) => `${mb.toFixed(0)} MB`,
      ),
    ]),
  );
}

function markdown(titles: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map((_, n) => (n === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function version(name: string): string {
  const path = createRequire(import.meta.url)
    .resolve.paths(name)
    ?.map((folder) => `${folder}/${name}/package.json`)
    .find((file) => read(file) !== null);
  return `${name} ${(JSON.parse(read(path ?? '') ?? '{}') as { version?: string }).version}`;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
