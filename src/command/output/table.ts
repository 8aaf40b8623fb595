import { widthOf } from './escape.js';

/** A cell: its text, and how to colour it. */
export interface Cell {
  text: string;
  paint?: (text: string) => string;
}

const plain = (text: string) => text;

/** Rows under a head, in columns. */
export function table(head: readonly string[], rows: readonly Cell[][]): string {
  const widths = head.map((name, at) =>
    Math.max(widthOf(name), ...rows.map((row) => widthOf(row[at]?.text ?? ''))),
  );
  const line = (cells: readonly Cell[]) =>
    cells
      .map(({ text, paint = plain }, at) => {
        const isLast = at === cells.length - 1;
        return paint(text) + (isLast ? '' : ' '.repeat((widths[at] ?? 0) - widthOf(text)));
      })
      .join('  ')
      .trimEnd();
  return [line(head.map((name) => ({ text: name.toUpperCase() }))), ...rows.map(line)]
    .map((text) => `${text}\n`)
    .join('');
}

/** One thing, a line for each of its members. */
export function record(members: readonly (readonly [string, Cell])[]): string {
  const width = Math.max(...members.map(([name]) => widthOf(name)));
  return members
    .map(([name, { text, paint = plain }]) =>
      `${name}${' '.repeat(width - widthOf(name))}  ${paint(text)}`.trimEnd(),
    )
    .map((text) => `${text}\n`)
    .join('');
}
