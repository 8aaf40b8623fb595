import type { DataSource } from 'typeorm';
import { bytesOf, keyText, uuidOf } from '../../storage/bytes.js';
import { sqlName } from '../../storage/sql-name.js';
import { storageOf } from '../../storage/storage-of.js';
import { keyRange } from '../fingerprint/fingerprint.js';
import { GroupedWrites } from '../recording/grouped-writes.js';
import { Task } from '../task.entity.js';
import { LostAnswer } from './lost-answer.entity.js';

/** An earlier request that is the same as a given one. */
export interface EarlierRequest {
  uuid: string;
  /** Whether its answer was lost, and nobody has got it yet. */
  isLost: boolean;
  /** The process that carries it out; `null` once that has recorded what it answers. */
  process: string | null;
  /** In epoch milliseconds. */
  startTime: number;
}

/** How long before its answer was lost a request may have begun, in milliseconds. */
const LONGEST_REQUEST_MS = 3_600_000;

/** How many questions go together, how many wait, and for how long, in milliseconds. */
const LIMITS = { maxGroup: 100, maxWaiting: 10_000, limitMs: 10_000 };

/** Finds earlier requests whose answers were lost, or may yet be. Questions that come together are one statement. */
export class EarlierRequests {
  private readonly questions: GroupedWrites<string, EarlierRequest[]>;
  private readonly tasks: string;
  private readonly lost: string;

  /** @param since returns the time since when an answer must have been lost to count, in epoch milliseconds */
  constructor(
    private readonly dataSource: DataSource,
    private readonly since: () => number,
  ) {
    this.tasks = sqlName(dataSource, Task);
    this.lost = sqlName(dataSource, LostAnswer);
    this.questions = new GroupedWrites({ ...LIMITS, write: (keys) => this.ask(keys) });
  }

  /** The oldest first. @throws the driver's error, or RecorderBusyError */
  find(requestKey: string): Promise<EarlierRequest[]> {
    return this.questions.write(requestKey);
  }

  private async ask(keys: string[]): Promise<PromiseSettledResult<EarlierRequest[]>[]> {
    const since = this.since();
    const ranges = [...new Set(keys)].map((key) => keyRange(key, since - LONGEST_REQUEST_MS));
    const isOne = ranges.map(() => '(t.duplicate_key >= ? AND t.duplicate_key < ?)').join(' OR ');
    const sql =
      'SELECT t.uuid, t.duplicate_key, t.process, t.start_time, l.task_uuid ' +
      `FROM ${this.tasks} t LEFT JOIN ${this.lost} l ` +
      'ON l.task_uuid = t.uuid AND l.given_to IS NULL AND l.lost_at >= ? ' +
      `WHERE (${isOne}) AND (t.process IS NOT NULL OR l.task_uuid IS NOT NULL) ORDER BY t.uuid`;
    const parameters = [since, ...ranges.flat().map(bytesOf)];
    const rows = await storageOf(this.dataSource).select({ sql, parameters });
    return keys.map((key) => ({
      status: 'fulfilled',
      value: rows
        .filter((row) => keyText(row['duplicate_key']).startsWith(key))
        .map((row) => ({
          uuid: uuidOf(row['uuid']),
          isLost: row['task_uuid'] !== null,
          process: row['process'] as string | null,
          startTime: Number(row['start_time']),
        })),
    }));
  }
}
