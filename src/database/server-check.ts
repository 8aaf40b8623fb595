import type { RowDataPacket } from 'mysql2/promise';
import { UnusableDatabaseError } from '../storage/database.errors.js';
import { checkMode, checkVersion } from '../storage/mysql/check.js';
import type { ServerAddress } from './database-url.js';

/** The kinds of server with MySQL's protocol; TypeORM needs to know which one it is. */
export type ServerKind = 'mariadb' | 'mysql';

interface ServerFacts extends RowDataPacket {
  version: string;
  charset: string;
  mode: string;
  logsBinary: number;
  binaryFormat: string;
}

/**
 * Asks a MariaDB or MySQL server whether it can keep the promises, before anything is written to it.
 *
 * @throws UnusableDatabaseError when it cannot keep them, or cannot be reached
 */
export async function checkServer(address: ServerAddress): Promise<ServerKind> {
  const facts = await askServer(address);
  checkVersion(facts.version);
  const kind = facts.version.includes('MariaDB') ? 'mariadb' : 'mysql';
  const [major = 0, minor = 0] = facts.version.split('.').map((part) => parseInt(part, 10));
  const [oldest, name] = kind === 'mariadb' ? [[10, 6] as const, 'MariaDB'] : [[8, 0] as const, 'MySQL'];
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw new UnusableDatabaseError(
      `The database server is ${name} ${facts.version}; ${name} ${oldest.join('.')} or newer is needed.`,
    );
  }
  if (facts.charset !== 'utf8mb4') {
    throw new UnusableDatabaseError(
      `The database's character set is ${facts.charset}, which cannot hold every text; ` +
        `use ALTER DATABASE … CHARACTER SET utf8mb4.`,
    );
  }
  checkMode(facts.mode);
  if (facts.logsBinary === 1 && facts.binaryFormat === 'STATEMENT') {
    throw new UnusableDatabaseError(
      `The database server's binlog_format is STATEMENT, which forbids READ COMMITTED; set it to ROW or MIXED.`,
    );
  }
  return kind;
}

async function askServer(address: ServerAddress): Promise<ServerFacts> {
  // Imported here because a start on SQLite does not need the driver.
  const { createConnection } = await import('mysql2/promise');
  try {
    const connection = await createConnection({ ...address, connectTimeout: 10_000 });
    try {
      const [rows] = await connection.query<ServerFacts[]>(
        'SELECT VERSION() AS version, @@character_set_database AS charset, @@sql_mode AS mode, ' +
          '@@log_bin AS logsBinary, @@binlog_format AS binaryFormat',
      );
      return rows[0] as ServerFacts;
    } finally {
      await connection.end();
    }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    throw new UnusableDatabaseError(`The database cannot be used: ${message || code || 'no answer'}.`);
  }
}
