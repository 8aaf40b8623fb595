import type { DataSource } from 'typeorm';
import type { Statement } from './statement.js';
import { storageOf } from './storage-of.js';

export { type Statement, statement } from './statement.js';

/** Commits all of the statements or none of them; see `Storage.commit`. */
export function commitAllOrNothing(dataSource: DataSource, statements: Statement[]): Promise<boolean> {
  return storageOf(dataSource).commit(statements);
}
