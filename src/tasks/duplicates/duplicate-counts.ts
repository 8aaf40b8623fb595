import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { uuidBytes } from '../../storage/bytes.js';
import { sqlName } from '../../storage/sql-name.js';
import { storageOf } from '../../storage/storage-of.js';
import { SaidOnce } from '../following/said-once.js';
import { TaskRecorder } from '../recording/task.recorder.js';
import { InjectTasksDataSource } from '../tables/tasks-data-source.js';
import { TaskDuplicates } from './task-duplicates.entity.js';

/** How long counts are gathered before they are written, in milliseconds. */
const PAUSE_MS = 1000;

/** The most tasks whose counts are gathered: those of others get lost until these are written. */
const MOST_TASKS = 10_000;

/** The most rows of one statement. */
const MOST_ROWS = 500;

interface Count {
  refused: number;
  answered: number;
  lastAt: number;
}

/**
 * Counts the duplicates of each task. They are written together a little later, so that neither a refusal nor an answer
 * waits for it, and a crowd of repeats is one row of one statement. A process that is killed loses those of its last second.
 */
@Injectable()
export class DuplicateCounts implements BeforeApplicationShutdown {
  private readonly trouble = new SaidOnce((message) =>
    new Logger(DuplicateCounts.name).warn(`Repeated requests cannot be counted: ${message}`),
  );
  private counts = new Map<string, Count>();
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    @InjectTasksDataSource() private readonly dataSource: DataSource,
    recorder: TaskRecorder,
  ) {
    recorder.refused.subscribe(({ task }) => this.count(task.uuid, 'refused'));
    recorder.answered.subscribe(({ uuid }) => this.count(uuid, 'answered'));
  }

  /** Later, the database may be closed. */
  beforeApplicationShutdown(): Promise<void> {
    return this.flush();
  }

  /** Writes what has been counted so far. */
  async flush(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const { counts } = this;
    this.counts = new Map();
    this.writing = this.writing.then(() => this.write([...counts]));
    await this.writing;
  }

  private count(uuid: string, what: 'refused' | 'answered'): void {
    let count = this.counts.get(uuid);
    if (count === undefined) {
      if (this.counts.size >= MOST_TASKS) return;
      this.counts.set(uuid, (count = { refused: 0, answered: 0, lastAt: 0 }));
    }
    count[what] += 1;
    count.lastAt = Date.now();
    this.timer ??= setTimeout(() => void this.flush(), PAUSE_MS).unref();
  }

  private async write(counts: [string, Count][]): Promise<void> {
    // A request that ended after the stop has closed the database.
    if (!this.dataSource.isInitialized) return;
    try {
      for (let start = 0; start < counts.length; start += MOST_ROWS) {
        const rows = counts
          .slice(start, start + MOST_ROWS)
          .map(([uuid, { refused, answered, lastAt }]) => [uuidBytes(uuid), refused, answered, lastAt]);
        await storageOf(this.dataSource).addUp({
          table: sqlName(this.dataSource, TaskDuplicates),
          key: 'task_uuid',
          counts: ['refused', 'answered'],
          latest: 'last_at',
          rows,
        });
      }
      if (counts.length > 0) this.trouble.succeeded();
    } catch (error) {
      // Whether they were written may be unknown, so they are not written again.
      this.trouble.failed(error);
    }
  }
}
