import type { DataSource } from 'typeorm';
import type { DueRows } from './storage.js';
import { storageOf } from './storage-of.js';

export type { DueRows };

/** Claims rows whose time has come; see `Storage.claim`. */
export function claimDue(dataSource: DataSource, rows: DueRows): Promise<string[]> {
  return storageOf(dataSource).claim(rows);
}
