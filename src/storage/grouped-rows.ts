import type { DataSource } from 'typeorm';
import type { GroupedRows, GroupedTable } from './storage.js';
import { storageOf } from './storage-of.js';

export type { GroupedRows, GroupedTable, Row, RowChange } from './storage.js';

/** The rows of a table, in groups; see `Storage.rows`. */
export function groupedRows(dataSource: DataSource, table: GroupedTable): GroupedRows {
  return storageOf(dataSource).rows(table);
}
