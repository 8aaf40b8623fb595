import type { DataSource } from 'typeorm';
import type { Statement } from './statement.js';
import type { Row } from './storage.js';
import { storageOf } from './storage-of.js';

/** The rows of a SELECT; see `Storage.select`. */
export function selectRows(dataSource: DataSource, statement: Statement): Promise<Row[]> {
  return storageOf(dataSource).select(statement);
}
