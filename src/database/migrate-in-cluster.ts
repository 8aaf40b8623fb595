import type { ResultSetHeader } from 'mysql2';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { UnusableDatabaseError } from '../storage/database.errors.js';
import { isDeadlock, isMissingTable, isOutOfReach } from '../storage/driver-errors.js';
import { mysqlQuery } from '../storage/mysql/query.js';
import { retryDeadlocks } from '../storage/retry-deadlocks.js';
import { missingMigrations } from './migrations-run.js';

/** How often the migrating process reports that it is alive, and waiting ones look, in milliseconds. */
const BEAT_MS = 500;

/** The limits of time. */
export interface MigrationTimes {
  /** After how long a silent process counts as dead, in milliseconds. @default 15 seconds */
  silenceMs?: number;
  /** How long to wait for another process, in milliseconds. @default 5 minutes */
  patienceMs?: number;
}

/**
 * Runs migrations in a Galera cluster, where a named lock is local to each node. The process that writes the one row of
 * a table migrates: if several write it at several nodes, certification lets one through. It counts up in the row while
 * it works, and removes the row at the end. If it dies the count stops, and another process takes the row over; it
 * measures by its own clock, since those of nodes differ.
 *
 * @throws UnusableDatabaseError when another process migrates for too long, or has taken over
 */
export async function migrateInCluster(
  dataSource: DataSource,
  { silenceMs = 15_000, patienceMs = 300_000 }: MigrationTimes = {},
): Promise<void> {
  // Nearly always there is nothing to do, and no other process to wait for.
  if (!(await isWhole(dataSource))) {
    const turn = new MigrationTurn(dataSource);
    await turn.await(silenceMs, patienceMs);
    await turn.keepWhile(() => dataSource.runMigrations());
  }
}

async function isWhole(dataSource: DataSource): Promise<boolean> {
  try {
    return (await missingMigrations(dataSource)).length === 0;
  } catch (error) {
    if (isMissingTable(error)) return false;
    throw error;
  }
}

/** While a large table is changed, the nodes answer late, or report a timeout: that means nothing. */
async function inTime(look: () => Promise<boolean>): Promise<boolean> {
  try {
    return await look();
  } catch (error) {
    if (isOutOfReach(error)) return false;
    throw error;
  }
}

interface TurnRow {
  holder: string;
  beat: number;
}

/** The turn to migrate. One process has it at a time. */
class MigrationTurn {
  private readonly me = randomUUID();

  constructor(private readonly dataSource: DataSource) {}

  async await(silenceMs: number, patienceMs: number): Promise<void> {
    await this.write(
      'CREATE TABLE IF NOT EXISTS migration_turn ' +
        '(id int NOT NULL PRIMARY KEY, holder char(36) NOT NULL, beat int NOT NULL) ' +
        'CHARACTER SET ascii COLLATE ascii_bin',
    );
    const start = performance.now();
    let seen: TurnRow | undefined;
    let since = start;
    const look = async (): Promise<boolean> => {
      if (await this.take()) return true;
      const row = await this.read();
      if (row?.holder !== seen?.holder || row?.beat !== seen?.beat) [seen, since] = [row, performance.now()];
      const isDead = performance.now() - since > silenceMs;
      return row !== undefined && isDead && this.takeOver(row);
    };
    while (!(await inTime(look))) {
      if (performance.now() - start > patienceMs) {
        throw new UnusableDatabaseError(
          'Another process has been migrating the database for too long. Check it, and start again.',
        );
      }
      await pause(BEAT_MS);
    }
  }

  /** Does the work, and meanwhile reports that it is under way. */
  async keepWhile(work: () => Promise<unknown>): Promise<void> {
    const end = new AbortController();
    const kept = this.keep(end.signal);
    try {
      await Promise.race([work(), kept]);
    } finally {
      end.abort();
      await kept.catch(() => undefined);
      await this.write('DELETE FROM migration_turn WHERE holder = ?', [this.me]).catch(() => undefined);
    }
  }

  private async keep(end: AbortSignal): Promise<void> {
    while (!end.aborted) {
      await pause(BEAT_MS, undefined, { signal: end }).catch(() => undefined);
      const sql = 'UPDATE migration_turn SET beat = beat + 1 WHERE holder = ?';
      // If the database does not answer, the next report may succeed; otherwise the work fails too.
      const kept = await this.write(sql, [this.me]).catch(() => 1);
      if (kept === 0) {
        throw new UnusableDatabaseError(
          'Another process has taken over the migrations, because this one was silent for too long. Start again.',
        );
      }
    }
  }

  private async take(): Promise<boolean> {
    return (await this.write('INSERT IGNORE INTO migration_turn VALUES (1, ?, 0)', [this.me])) === 1;
  }

  private async takeOver({ holder, beat }: TurnRow): Promise<boolean> {
    const sql = 'UPDATE migration_turn SET holder = ?, beat = 0 WHERE holder = ? AND beat = ?';
    return (await this.write(sql, [this.me, holder, beat])) === 1;
  }

  private async read(): Promise<TurnRow | undefined> {
    const [row] = await mysqlQuery<TurnRow[]>(this.dataSource, 'SELECT holder, beat FROM migration_turn', []);
    return row;
  }

  /** @returns how many rows were written */
  private async write(sql: string, parameters: unknown[] = []): Promise<number> {
    const { affectedRows } = await retryDeadlocks(isDeadlock, () =>
      mysqlQuery<ResultSetHeader>(this.dataSource, sql, parameters),
    );
    return affectedRows;
  }
}
