import type { DataSource } from 'typeorm';
import type { ColumnPlace } from './storage.js';
import { storageOf } from './storage-of.js';

/** Checks the connections; see `Storage.check`. */
export function checkConnections(dataSource: DataSource): Promise<void> {
  return storageOf(dataSource).check();
}

/** Checks a column; see `Storage.checkColumn`. */
export function checkCollation(dataSource: DataSource, place: ColumnPlace): Promise<void> {
  return storageOf(dataSource).checkColumn(place);
}
