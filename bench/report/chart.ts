import { targetOf, valueOf } from './report.js';
import { isReached, type Row } from './row.js';

const WIDTH = 960;
const LABELS = 470;
const BAR = { height: 14, gap: 22 };
const TOP = 46;

/** The bars end here: four times better than the target, or four times worse. */
const MOST = 4;

/** Middle tones, which stand out on white and on black. */
const COLORS = { reached: '#2f81c7', missed: '#d9782d' };

/** All rows with a target as bars in SVG: to the right of the line is better than the target, to the left worse. */
export function chart(rows: Row[]): string {
  const judged = rows.filter(({ target }) => target !== null);
  const height = TOP + judged.length * BAR.gap + 16;
  const zero = LABELS + (WIDTH - LABELS - 20) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" font-size="12" ` +
      `font-family="system-ui, sans-serif">`,
    '<title>What is measured, beside what is wanted</title>',
    // An image has no colour of the page around it to take over.
    '<style>text { fill: #24292f } line { stroke: #8c959f } ' +
      '@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }</style>',
    text(LABELS, 18, 'end', 'worse than wanted ◂'),
    text(zero, 18, 'middle', 'wanted'),
    text(WIDTH - 20, 18, 'end', '▸ better'),
    ...[-2, -1, 1, 2].map((power) => tick(zero + place(2 ** power), height, 2 ** power)),
    ...judged.flatMap((row, n) => bar(row, TOP + n * BAR.gap, zero)),
    `<line x1="${zero}" x2="${zero}" y1="26" y2="${height - 12}" stroke-width="1.5"/>`,
    '</svg>',
    '',
  ].join('\n');
}

function bar(row: Row, y: number, zero: number): string[] {
  const end = zero + place(factor(row));
  const [left, right] = [Math.min(zero, end), Math.max(zero, end)];
  const color = isReached(row) === true ? COLORS.reached : COLORS.missed;
  const label = `${row.ours} : ${row.against}, ${row.figure}`.replaceAll('`', '');
  const middle = y + BAR.height - 3;
  const short = label.length > 74 ? `${label.slice(0, 73)}…` : label;
  return [
    `<g><title>${escaped(`${label}: ${valueOf(row)}, wanted ${targetOf(row)}`)}</title>`,
    text(8, middle, 'start', short),
    `<rect x="${left.toFixed(1)}" y="${y}" width="${(right - left).toFixed(1)}" height="${BAR.height}" rx="2" ` +
      `fill="${color}"/></g>`,
  ];
}

/** How many times better than wanted: 1 is just right, below is worse. */
function factor({ target, value, unit }: Row): number {
  if (target === null) return 1;
  // A difference of none or less is as good as can be.
  if (unit === 'MB' && value <= 0) return MOST;
  return target.bound === 'at least' ? value / target.value : target.value / value;
}

/** A place on a logarithmic scale, beside the line. */
function place(times: number): number {
  const half = (WIDTH - LABELS - 20) / 2;
  const within = Math.min(Math.max(times, 1 / MOST), MOST);
  return (Math.log(within) / Math.log(MOST)) * half;
}

function tick(x: number, height: number, times: number): string {
  const name = times < 1 ? `1/${1 / times}` : `${times}`;
  return (
    `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="38" y2="${height - 12}" stroke-width="0.5" ` +
    `stroke-dasharray="2 3"/>${text(x, 34, 'middle', `${name} ×`)}`
  );
}

function text(x: number, y: number, anchor: 'start' | 'middle' | 'end', words: string): string {
  return `<text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
