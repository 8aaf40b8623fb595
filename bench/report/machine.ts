import { cpus } from 'node:os';
import { mariadbVersion, select, sqliteVersion } from '../databases.js';
import { CAN_PIN } from '../pinned.js';

/** On what it was measured, a line for each fact. */
export async function machine(): Promise<string[]> {
  const [cpu] = cpus();
  return [
    `${cpus().length} cores (${cpu?.model.trim()}), Node ${process.versions.node}, SQLite ${sqliteVersion()}, \`synchronous=FULL\``,
    await mariadbInWords(),
    CAN_PIN
      ? 'the measured server on core 0, the load on core 1; databases where their operator has put them'
      : 'servers and load share their cores',
  ];
}

async function mariadbInWords(): Promise<string> {
  try {
    const [row] = await select(
      'SELECT @@innodb_flush_log_at_trx_commit AS flush, @@log_bin AS binlog, @@innodb_buffer_pool_size AS pool',
    );
    const { flush, binlog, pool } = row as unknown as { flush: number; binlog: number; pool: number };
    const note =
      flush === 1 ? '' : ' (commits are not durable: the figures are not those of a server that keeps them)';
    return (
      `MariaDB ${await mariadbVersion()}, \`innodb_flush_log_at_trx_commit=${flush}\`${note}, binary log ` +
      `${binlog === 1 ? 'on' : 'off'}, buffer pool of ${Math.round(pool / 1024 / 1024)} MB`
    );
  } catch {
    return 'no MariaDB';
  }
}
