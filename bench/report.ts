import { cpus, loadavg } from 'node:os';
import type { LoadResult } from './load.js';
import { CAN_PIN } from './pinned.js';
import { CONNECTIONS, type Kind, KINDS } from './requests.js';

/** One window's result. */
export interface Sample extends LoadResult {
  round: number;
  kind: Kind;
  server: string;
}

/** How the samples were taken. */
export interface Circumstances {
  command: string;
  databases: string[];
  rounds: number;
  /** Length of a window. */
  seconds: number;
}

/** What is told of each server; all are also told as a multiple of the first server's. */
const FIGURES: { title: string; digits: number; of: (sample: Sample) => number }[] = [
  { title: 'requests/s', digits: 0, of: ({ answers, seconds }) => answers / seconds },
  { title: 'CPU µs/request', digits: 0, of: ({ serverCpu, answers }) => (serverCpu / answers) * 1e6 },
  { title: 'p50 ms', digits: 1, of: ({ p50 }) => p50 },
  { title: 'p99 ms', digits: 1, of: ({ p99 }) => p99 },
];

const TITLES: Record<Kind, string> = {
  create: 'Tagged creates (`POST /v3/servers` with `Task-tag`)',
  'look-up': 'Look-ups by tag (`GET /v3/servers/{tag}/tasks`)',
};

/** The result in Markdown. The first server of the samples is the one that the others are compared with. */
export function report(samples: Sample[], { command, databases, rounds, seconds }: Circumstances): string {
  const [cpu] = cpus();
  const pinning = CAN_PIN ? 'servers on core 0, load on core 1' : 'servers and load share their cores';
  const [load = 0] = loadavg();
  return [
    '# Benchmark',
    `\`${command}\`, ${new Date().toISOString().slice(0, 10)}`,
    [
      `- ${cpus().length} cores (${cpu?.model.trim()}), Node ${process.versions.node}, ${databases.join(', ')}`,
      `- ${pinning}; ${CONNECTIONS} connections; a load average of ${load.toFixed(1)} at the end`,
      `- medians of ${rounds} rounds of ${seconds} s each; in brackets, the median of the rounds' ratios to the bare route`,
    ].join('\n'),
    ...KINDS.flatMap((kind) => [`## ${TITLES[kind]}`, table(samples.filter((one) => one.kind === kind))]),
    'What the columns mean, and what they do not: bench/README.md.',
    '',
  ].join('\n\n');
}

function table(samples: Sample[]): string {
  const names = [...new Set(samples.map(({ server }) => server))];
  const titles = ['', ...FIGURES.map(({ title }) => title), 'core of the load busy'];
  const rows = names.map((name) => {
    const own = samples.filter(({ server }) => server === name);
    const figures = FIGURES.map(({ digits, of }) => {
      const ratios = own.map((sample) => of(sample) / of(bareOf(sample, samples)));
      return `${median(own.map(of)).toFixed(digits)} (${ratio(median(ratios))})`;
    });
    const busy = median(own.map(({ loadCpu, seconds }) => loadCpu / seconds));
    return [name, ...figures, `${Math.round(busy * 100)} %`];
  });
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map((_, n) => (n === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** Two digits, written out. */
function ratio(value: number): string {
  return value < 10 ? value.toPrecision(2) : value.toFixed(0);
}

function bareOf({ round }: Sample, samples: Sample[]): Sample {
  return samples.find((sample) => sample.round === round) as Sample;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]] as [
    number,
    number,
  ];
  return (low + high) / 2;
}
