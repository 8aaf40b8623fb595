import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Build, THIS } from '../builds.js';
import { atMost, type Row } from '../report/row.js';
import { TSX } from '../start-file.js';
import { rowOf } from './once.js';

/** A million tasks of each build, on MariaDB. */
export async function compareSizes(other: Build): Promise<Row> {
  const own = await bytesOfTask(THIS);
  const others = await bytesOfTask(other);
  return rowOf({
    id: 'bytes',
    ours: 'a task among 1,000,000, MariaDB',
    figure: 'bytes of data and indexes',
    own: [own],
    others: [others],
    inUnits: (bytes) => `${bytes} bytes`,
    target: atMost(0.5),
  });
}

/** By the build's own benchmark, which knows its tables. */
async function bytesOfTask({ root }: Build): Promise<number> {
  const file = join(root, 'bench', 'database', 'run.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [...TSX, file, 'size'], { cwd: root });
  const [, data, indexes] = /(\d+) bytes of row each, (\d+) of indexes/.exec(stdout) ?? [];
  if (indexes === undefined) throw new Error(`The size of a task is not known: ${stdout}`);
  return Number(data) + Number(indexes);
}
