import { MYSQL, MysqlStorage } from '../mysql/storage.js';
import type { GroupedRows, GroupedTable, StorageKind } from '../storage.js';
import { MariadbRows } from './rows.js';

/** MariaDB. It is like MySQL, but writes groups in fewer steps. */
class MariadbStorage extends MysqlStorage {
  override rows(table: GroupedTable): GroupedRows {
    return new MariadbRows(this.dataSource, table);
  }
}

/** MariaDB 10.6 or newer. */
export const MARIADB: StorageKind = { ...MYSQL, open: (dataSource) => new MariadbStorage(dataSource) };
