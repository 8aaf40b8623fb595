import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { UnusableDatabaseError } from '../database.errors.js';
import { galeraNode } from './galera.js';
import { mysqlQuery } from './query.js';

const logger = new Logger('Database');

/**
 * Checks that the connections of a data source, whoever made it, store exactly what is written over them, and makes
 * sure that it is visible at every node of a Galera cluster.
 *
 * @throws UnusableDatabaseError when they do not
 */
export async function checkConnections(dataSource: DataSource): Promise<void> {
  const [row] = await mysqlQuery<{ version: string; mode: string; autocommit: number }[]>(
    dataSource,
    'SELECT VERSION() AS version, @@sql_mode AS mode, @@autocommit AS autocommit',
    [],
  );
  checkVersion(row?.version ?? '');
  checkMode(row?.mode ?? '');
  if (Number(row?.autocommit) !== 1) {
    throw new UnusableDatabaseError(
      `The database's connections have autocommit off, so no write would last; set it to 1.`,
    );
  }
  const node = await galeraNode(dataSource);
  if (node === null) return;
  const { name, syncWait, retries } = node;
  logger.log(
    `The database is the node ${name} of a Galera cluster, with wsrep_sync_wait=${syncWait} and ` +
      `wsrep_retry_autocommit=${retries}; tasks are read and changed with wsrep_sync_wait=3 and recorded with ` +
      'wsrep_retry_autocommit=0',
  );
}

/** Servers that claim to be MySQL, but do not keep its promises; each gives its name in its version. */
const OTHERS = /TiDB|Vitess|OceanBase|SingleStore/i;

/**
 * @param version the version that the server reports
 * @throws UnusableDatabaseError when the server is not really MySQL
 */
export function checkVersion(version: string): void {
  const [other] = OTHERS.exec(version) ?? [];
  if (other === undefined) return;
  throw new UnusableDatabaseError(
    `The database server is ${other} (${version}), which is not known to keep the promises; ` +
      'use MariaDB 10.6 or MySQL 8.0, or newer.',
  );
}

/**
 * @param mode MariaDB's or MySQL's `sql_mode`
 * @throws UnusableDatabaseError when it would change texts
 */
export function checkMode(mode: string): void {
  if (!/STRICT_(TRANS|ALL)_TABLES/.test(mode)) {
    throw new UnusableDatabaseError(
      `The database server's sql_mode is not strict, so it would cut values short silently; add STRICT_TRANS_TABLES.`,
    );
  }
  if (/NO_BACKSLASH_ESCAPES/.test(mode)) {
    throw new UnusableDatabaseError(
      `The database server's sql_mode has NO_BACKSLASH_ESCAPES, under which the driver cannot quote texts; remove it.`,
    );
  }
}
