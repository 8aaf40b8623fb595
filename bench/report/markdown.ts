/** A table whose first column is text, and whose others are figures unless told. */
export function table(titles: string[], rows: string[][], textColumns = 1): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const rule = titles.map((_, n) => (n < textColumns ? '---' : '---:'));
  return [line(titles), line(rule), ...rows.map(line)].join('\n');
}

/** Two digits behind the point, and more of what is small. */
export function ratio(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 0.1 || value <= 0 ? value.toFixed(2) : value.toPrecision(2);
}
