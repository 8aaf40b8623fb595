import { ratio, table } from './markdown.js';
import { type Findings, isReached, type Row } from './row.js';

/** How it was measured. */
export interface Circumstances {
  command: string;
  /** Lines about the machine. */
  machine: string[];
  rounds: number;
  /** Length of a window. */
  seconds: number;
}

/** The result in Markdown. */
export function report(findings: Findings, { command, machine, rounds, seconds }: Circumstances): string {
  const { rows, leftOut, details } = findings;
  const judged = rows.filter(({ target }) => target !== null);
  const told = rows.filter(({ target }) => target === null);
  const sections = [
    '# Benchmark',
    `\`${command}\`, ${new Date().toISOString().slice(0, 10)}`,
    [
      ...machine,
      `medians of ${rounds} rounds, each with a window of ${seconds} s of everything; in brackets, the rounds`,
    ]
      .map((line) => `- ${line}`)
      .join('\n'),
    ...(judged.length > 0 ? ['## Beside others', targets(judged), reachedInWords(judged)] : []),
    ...(told.length > 0 ? ['## Without a target', comparisons(told)] : []),
    ...(leftOut.length > 0 ? ['## Left out', leftOut.map((line) => `- ${line}`).join('\n')] : []),
    ...(details.length > 0 ? ['## By themselves', ...details] : []),
    'What the columns mean, and what they do not: bench/README.md.',
    '',
  ];
  return sections.join('\n\n');
}

/** A value with its unit, and the rounds where they differ. */
export function valueOf({ value, low, high, unit }: Row): string {
  if (unit === 'MB') return `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(0)} MB`;
  return `${ratio(value)} × (${ratio(low)}–${ratio(high)})`;
}

/** A target in words. */
export function targetOf({ target, unit }: Row): string {
  if (target === null) return '';
  return unit === 'MB' ? `${target.bound} +${target.value} MB` : `${target.bound} ${target.value} ×`;
}

function targets(rows: Row[]): string {
  const titles = ['ours', 'against', 'figure', 'each', 'ours : other', 'wanted', 'reached'];
  return table(
    titles,
    rows.map((row) => [
      ...[row.ours, row.against, row.figure, row.absolute.join(' : '), valueOf(row), targetOf(row)],
      isReached(row) === true ? 'yes' : '**no**',
    ]),
    3,
  );
}

function comparisons(rows: Row[]): string {
  return table(
    ['ours', 'against', 'figure', 'each', 'ours : other'],
    rows.map((row) => [row.ours, row.against, row.figure, row.absolute.join(' : '), valueOf(row)]),
    3,
  );
}

function reachedInWords(rows: Row[]): string {
  const reached = rows.filter((row) => isReached(row) === true).length;
  return `${reached} of ${rows.length} are reached.`;
}

/** The same for programs. */
export function reportJson(findings: Findings, { command, machine, rounds, seconds }: Circumstances): string {
  const rows = findings.rows.map((row) => ({ ...row, isReached: isReached(row) }));
  const { leftOut } = findings;
  const date = new Date().toISOString().slice(0, 10);
  return `${JSON.stringify({ command, date, machine, rounds, seconds, rows, leftOut }, null, 2)}\n`;
}
