import type { DataSource } from 'typeorm';

/** How many connections to a database there are, and for what. */
export interface PoolUse {
  used: number;
  idle: number;
  /** Those that wait for one. */
  waiting: number;
  limit: number;
}

/** What mysql2's pool keeps of itself (mysql2/lib/base/pool.js); it has no public word for it. */
interface Pool {
  _allConnections?: { length: number };
  _freeConnections?: { length: number };
  _connectionQueue?: { length: number };
  config?: { connectionLimit?: number };
}

/** The use of the pool of connections at this moment; null where there is none, or where it cannot be told. */
export function poolUse(dataSource: DataSource): PoolUse | null {
  const { pool } = dataSource.driver as { pool?: Pool };
  const open = pool?._allConnections?.length;
  const idle = pool?._freeConnections?.length;
  const waiting = pool?._connectionQueue?.length;
  const limit = pool?.config?.connectionLimit;
  if (open === undefined || idle === undefined || waiting === undefined || limit === undefined) return null;
  return { used: open - idle, idle, waiting, limit };
}
