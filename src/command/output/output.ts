import { once } from 'node:events';
import { stringify } from 'yaml';
import type { Row } from '../api/task-row.js';
import { columnsOf, LIST_COLUMNS, only, textOf, valueAt } from './columns.js';
import { csvLine } from './csv.js';
import { escaped, escapedJson } from './escape.js';
import { type Cell, record, table } from './table.js';

/** How a result is printed. */
export const FORMATS = ['table', 'json', 'csv', 'yaml', 'value'] as const;

export type Format = (typeof FORMATS)[number];

/** A stream that may be a terminal. */
export type Stream = NodeJS.WritableStream & { isTTY?: boolean };

const COLOURS: Record<string, number> = {
  success: 32,
  failure: 31,
  pending: 33,
  processing: 33,
  unknown: 33,
};

/** Prints results: tables on a terminal, JSON elsewhere, unless a format was asked for. */
export class Output {
  private readonly format: Format;
  private readonly isTerminal: boolean;
  private readonly isColoured: boolean;

  constructor(
    private readonly stdout: Stream,
    env: NodeJS.ProcessEnv,
    format?: Format,
    private readonly columns: readonly string[] = [],
  ) {
    this.isTerminal = stdout.isTTY === true;
    this.format = format ?? (this.isTerminal ? 'table' : 'json');
    this.isColoured = this.isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  }

  async list(rows: Row[]): Promise<void> {
    const asked = columnsOf(this.columns);
    const columns = asked.length > 0 ? asked : [...LIST_COLUMNS];
    const shown = asked.length > 0 ? rows.map((row) => only(row, asked)) : rows;
    switch (this.format) {
      case 'json':
        return this.json(shown);
      case 'yaml':
        return this.write(this.safe(stringify(shown)));
      case 'table':
        return this.write(
          table(
            columns,
            rows.map((row) => columns.map((name) => this.cell(row, name))),
          ),
        );
      case 'csv':
        await this.write(csvLine(columns));
        for (const row of rows) await this.csv(row, columns);
        return;
      case 'value':
        for (const row of rows)
          await this.write(`${columns.map((name) => this.text(row, name)).join(' ')}\n`);
    }
  }

  async one(row: Row): Promise<void> {
    const asked = columnsOf(this.columns);
    const columns = asked.length > 0 ? asked : Object.keys(row);
    const shown = asked.length > 0 ? only(row, asked) : row;
    switch (this.format) {
      case 'json':
        return this.json(shown);
      case 'yaml':
        return this.write(this.safe(stringify(shown)));
      case 'table':
        return this.write(record(columns.map((name) => [name, this.cell(row, name)] as const)));
      case 'csv':
        await this.write(csvLine(columns));
        return this.csv(row, columns);
      case 'value':
        for (const name of columns) await this.write(`${this.text(row, name)}\n`);
    }
  }

  csvHead(columns: readonly string[]): Promise<void> {
    return this.write(csvLine(columns));
  }

  /** One line of CSV. */
  csv(row: Row, columns: readonly string[]): Promise<void> {
    return this.write(csvLine(columns.map((name) => this.text(row, name))));
  }

  json(value: unknown, indent = 2): Promise<void> {
    const json = `${JSON.stringify(value, null, indent)}\n`;
    return this.write(this.isTerminal ? escapedJson(json) : json);
  }

  /** Writes, and waits while the reader is slower. */
  async write(text: string): Promise<void> {
    if (!this.stdout.write(text)) await once(this.stdout, 'drain');
  }

  /** Programs get texts as they are. */
  private text(row: Row, name: string): string {
    const value = valueAt(row, name);
    const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : textOf(value);
    return this.isTerminal ? escaped(text) : text;
  }

  /** A table is for people. */
  private cell(row: Row, name: string): Cell {
    const text = escaped(textOf(valueAt(row, name), name));
    const colour = name === 'state' && this.isColoured ? COLOURS[text] : undefined;
    return colour === undefined ? { text } : { text, paint: (plain) => `\x1b[${colour}m${plain}\x1b[0m` };
  }

  private safe(lines: string): string {
    return this.isTerminal ? lines.split('\n').map(escaped).join('\n') : lines;
  }
}
