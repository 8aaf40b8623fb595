import type { DataSource } from 'typeorm';
import { isUnclearAfter, OpenTransactionError } from '../unclear-connection.js';

/** The part of a `pg` client that is used here. */
interface Client {
  query(sql: string, parameters: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>;
  on(event: 'error', listener: () => void): void;
  off(event: 'error', listener: () => void): void;
  /** Older versions do not have it. */
  getTransactionStatus?(): string | null;
}

interface PostgresDriver {
  obtainMasterConnection(): Promise<[Client, (error?: Error) => void]>;
}

/** A connection of TypeORM's pool. */
export interface PostgresClient {
  client: Client;
  /** Whether the server says that a transaction is open, or has failed and waits for its end. */
  isOpen: () => boolean;
  /** Returns it to the pool; with an error, closes it. */
  release: (error?: Error) => void;
}

/** A connection of TypeORM's pool, to be released. */
export async function postgresConnection(dataSource: DataSource): Promise<PostgresClient> {
  const driver = dataSource.driver as unknown as PostgresDriver;
  const [client, release] = await driver.obtainMasterConnection();
  // Without a listener, a lost connection would end the process. Its statement reports the error.
  const ignore = () => undefined;
  client.on('error', ignore);
  return {
    client,
    isOpen: () => (client.getTransactionStatus?.() ?? 'I') !== 'I',
    release: (error) => {
      client.off('error', ignore);
      release(error);
    },
  };
}

/**
 * Sends one statement over a connection of TypeORM's pool. It commits by itself.
 *
 * @returns its rows
 * @throws the driver's error
 * @throws OpenTransactionError when it is not known whether the write lasts
 */
export async function postgresQuery<Row extends object>(
  dataSource: DataSource,
  sql: string,
  parameters: unknown[],
): Promise<Row[]> {
  dataSource.logger.logQuery(sql, parameters);
  const { client, isOpen, release } = await postgresConnection(dataSource);
  let unclear: Error | undefined;
  try {
    const { rows } = await client.query(sql, parameters);
    if (isOpen()) throw new OpenTransactionError();
    return rows as Row[];
  } catch (error) {
    if (isUnclearAfter(error) || isOpen()) unclear = error as Error;
    throw error;
  } finally {
    release(unclear);
  }
}
