import { createConnection, type RowDataPacket } from 'mysql2/promise';

/** Runs one statement, and gives its rows. */
export type Rows = (sql: string) => Promise<any[]>;

/** Works on a MariaDB by a connection of its own, which sees all that was committed anywhere in its cluster. */
export async function withDatabase<T>(url: string, work: (rows: Rows) => Promise<T>): Promise<T> {
  const connection = await createConnection(url);
  try {
    const [[{ cluster }]] = (await connection.query(
      "SELECT COUNT(*) AS cluster FROM information_schema.system_variables WHERE variable_name = 'WSREP_SYNC_WAIT'",
    )) as unknown as [[{ cluster: number }]];
    if (cluster > 0) await connection.query('SET SESSION wsrep_sync_wait = 1');
    return await work(async (sql) => (await connection.query<RowDataPacket[]>(sql))[0]);
  } finally {
    await connection.end();
  }
}
