import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Range } from '../../storage/id-ranges.js';
import { idBytes } from '../../storage/packed-ids.js';
import { sqlName } from '../../storage/sql-name.js';
import { storageOf } from '../../storage/storage-of.js';
import { SaidOnce } from '../following/said-once.js';
import { TaskRecorder } from '../recording/task.recorder.js';
import { InjectTasksDataSource } from '../tables/tasks-data-source.js';
import { TaskRequester } from './task-requester.entity.js';

/** How long new requesters are gathered before they are written, in milliseconds. */
const PAUSE_MS = 1000;

/** The most requesters that a process remembers to have written: others are written again. */
const REMEMBERED = 50_000;

/** The most rows of one statement. */
const MOST_ROWS = 500;

/**
 * The users of each project that have tasks, for searches. A process writes each once, a little later than the task, so
 * that no request waits for it. One that is lost with its process is written by the next.
 */
@Injectable()
export class Requesters implements BeforeApplicationShutdown {
  private readonly trouble = new SaidOnce((message) =>
    new Logger(Requesters.name).warn(`Who has sent requests cannot be recorded for searches: ${message}`),
  );
  private readonly table: string;
  private known = new Map<string, Set<string>>();
  private size = 0;
  private fresh: [projectId: string, userId: string][] = [];
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    @InjectTasksDataSource() private readonly dataSource: DataSource,
    recorder: TaskRecorder,
  ) {
    this.table = sqlName(dataSource, TaskRequester);
    recorder.recorded.subscribe(({ projectId, userId }) => this.saw(projectId, userId));
  }

  /** Whether a user of a project, or of any, has an id in one of some ranges. */
  async hasUser(projectId: string | null, ranges: readonly Range[]): Promise<boolean> {
    const project = projectId === null ? '' : 'project_id = ? AND ';
    const isWithin = ranges.map(() => '(user_id >= ? AND user_id < ?)').join(' OR ');
    const sql = `SELECT user_id FROM ${this.table} WHERE ${project}(${isWithin}) LIMIT 1`;
    const parameters = [...(projectId === null ? [] : [idBytes(projectId)]), ...ranges.flat()];
    return (await storageOf(this.dataSource).select({ sql, parameters })).length > 0;
  }

  /** Later, the database may be closed. */
  beforeApplicationShutdown(): Promise<void> {
    return this.flush();
  }

  /** Writes those that are new. */
  async flush(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const { fresh } = this;
    this.fresh = [];
    this.writing = this.writing.then(() => this.write(fresh));
    await this.writing;
  }

  private saw(projectId: string, userId: string): void {
    const users = this.known.get(projectId);
    if (users?.has(userId) === true) return;
    if (this.size >= REMEMBERED) this.forget();
    if (users === undefined || this.size === 0) this.known.set(projectId, new Set([userId]));
    else users.add(userId);
    this.size += 1;
    this.fresh.push([projectId, userId]);
    this.timer ??= setTimeout(() => void this.flush(), PAUSE_MS).unref();
  }

  private forget(): void {
    this.known = new Map();
    this.size = 0;
  }

  private async write(fresh: readonly (readonly [string, string])[]): Promise<void> {
    // A request that ended after the stop has closed the database.
    if (!this.dataSource.isInitialized) return;
    try {
      for (let start = 0; start < fresh.length; start += MOST_ROWS) {
        const rows = fresh.slice(start, start + MOST_ROWS);
        await storageOf(this.dataSource).addMissing({
          table: this.table,
          keys: ['project_id', 'user_id'],
          rows: rows.map((row) => row.map(idBytes)),
        });
      }
      if (fresh.length > 0) this.trouble.succeeded();
    } catch (error) {
      this.trouble.failed(error);
      // So that they are written with their next tasks.
      this.forget();
    }
  }
}
