import type { DataSource } from 'typeorm';

/** The connections to a database, and their use. */
export interface PoolUse {
  used: number;
  idle: number;
  /** Requests that are waiting for a connection. */
  waiting: number;
  limit: number;
}

/** Internals of mysql2's pool (mysql2/lib/base/pool.js); they are not public. */
interface Pool {
  _allConnections?: { length: number };
  _freeConnections?: { length: number };
  _connectionQueue?: { length: number };
  config?: { connectionLimit?: number };
}

/** The present use of the connection pool; null if there is none, or its use is not known. */
export function poolUse(dataSource: DataSource): PoolUse | null {
  const { pool } = dataSource.driver as { pool?: Pool };
  const open = pool?._allConnections?.length;
  const idle = pool?._freeConnections?.length;
  const waiting = pool?._connectionQueue?.length;
  const limit = pool?.config?.connectionLimit;
  if (open === undefined || idle === undefined || waiting === undefined || limit === undefined) return null;
  return { used: open - idle, idle, waiting, limit };
}
