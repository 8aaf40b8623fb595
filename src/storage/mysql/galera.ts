import type { PoolConnection } from 'mysql2';
import type { DataSource } from 'typeorm';
import { mysqlQuery } from './query.js';

/** What a node of a Galera cluster reports about itself. */
export interface GaleraNode {
  name: string;
  /** The default causality check of a session before it reads (`wsrep_sync_wait`). */
  syncWait: string;
  /** How often the node itself runs a statement again by default (`wsrep_retry_autocommit`). */
  retries: string;
}

interface MysqlDriver {
  obtainMasterConnection(): Promise<PoolConnection>;
  obtainSlaveConnection(): Promise<PoolConnection>;
}

const nodes = new WeakMap<DataSource, Promise<GaleraNode | null>>();
const clusters = new WeakSet<DataSource>();

/** Whether a data source is known to lead to a Galera cluster, so that each of its connections reads causally. */
export function isGalera(dataSource: DataSource): boolean {
  return clusters.has(dataSource);
}

/**
 * Asks a data source, once, whether it leads to a Galera cluster. If so, every connection that it gives out from now on
 * sees all earlier commits at any node: a request that was recorded at one node must be found and changed at another,
 * although that node may not have applied it yet.
 *
 * @returns the node's report; `null` when it is not in a cluster
 */
export function galeraNode(dataSource: DataSource): Promise<GaleraNode | null> {
  let node = nodes.get(dataSource);
  if (node === undefined) {
    node = ask(dataSource).then((found) => {
      if (found !== null) readCausally(dataSource);
      return found;
    });
    nodes.set(dataSource, node);
    node.catch(() => nodes.delete(dataSource));
  }
  return node;
}

async function ask(dataSource: DataSource): Promise<GaleraNode | null> {
  // It is no error if there are no such variables, as in MySQL.
  const rows = await mysqlQuery<{ Variable_name: string; Value: string }[]>(
    dataSource,
    "SHOW VARIABLES WHERE Variable_name IN ('wsrep_on', 'wsrep_node_name', 'wsrep_sync_wait', 'wsrep_retry_autocommit')",
    [],
  );
  const values = new Map(rows.map(({ Variable_name: name, Value: value }) => [name, value]));
  if (values.get('wsrep_on') !== 'ON') return null;
  return {
    name: values.get('wsrep_node_name') ?? '',
    syncWait: values.get('wsrep_sync_wait') ?? '',
    retries: values.get('wsrep_retry_autocommit') ?? '',
  };
}

/**
 * 1: before SELECT and START TRANSACTION; 2: before UPDATE and DELETE, which change a row only in a certain state.
 * INSERT needs none: certification decides which one comes second. It is set where connections are given out, so that
 * none is missed.
 */
const CAUSALLY = 'SET SESSION wsrep_sync_wait = @@wsrep_sync_wait | 3';

function readCausally(dataSource: DataSource): void {
  clusters.add(dataSource);
  const driver = dataSource.driver as unknown as MysqlDriver;
  const prepared = new WeakSet<PoolConnection>();
  for (const obtain of ['obtainMasterConnection', 'obtainSlaveConnection'] as const) {
    const original = driver[obtain].bind(driver);
    driver[obtain] = async () => {
      const connection = await original();
      if (!prepared.has(connection)) {
        await prepare(connection);
        prepared.add(connection);
      }
      return connection;
    };
  }
}

function prepare(connection: PoolConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.query(CAUSALLY, (error) => {
      if (error === null) return resolve();
      connection.destroy();
      reject(error);
    });
  });
}
