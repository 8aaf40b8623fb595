import { createWriteStream, readFileSync, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Entry } from './entries.js';

/** Writes a history down while it happens, one line of JSON for each entry. */
export class Journal {
  private readonly file: WriteStream;
  private readonly began = process.hrtime.bigint();
  private ids = 0;

  constructor(readonly path: string) {
    this.file = createWriteStream(path);
  }

  /** Milliseconds since the run began, by a clock that nobody sets. */
  now(): number {
    return Number(process.hrtime.bigint() - this.began) / 1e6;
  }

  /** The same of a time of day of this machine's, in epoch milliseconds. */
  at(epochMs: number): number {
    return epochMs - Date.now() + this.now();
  }

  nextId(): number {
    this.ids += 1;
    return this.ids;
  }

  write(entry: Entry): void {
    this.file.write(`${JSON.stringify(entry)}\n`);
  }

  async close(): Promise<void> {
    this.file.end();
    await finished(this.file);
  }
}

/** Reads a history that was written down. */
export function readJournal(path: string): Entry[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
}
