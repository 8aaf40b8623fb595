import { Injectable } from '@nestjs/common';
import type { DuplicateCounts } from '../tasks/duplicates/duplicate-counts.js';
import { TaskRecorder } from '../tasks/recording/task.recorder.js';
import { MemoryTables } from './memory-tables.js';

/** Counts the duplicates of tasks in memory, at once. */
@Injectable()
export class MemoryDuplicates implements Pick<DuplicateCounts, 'flush'> {
  constructor(
    private readonly tables: MemoryTables,
    recorder: TaskRecorder,
  ) {
    recorder.refused.subscribe(({ task }) => this.count(task.uuid, { refused: 1, answered: 0 }));
    recorder.answered.subscribe(({ uuid }) => this.count(uuid, { refused: 0, answered: 1 }));
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  private count(uuid: string, more: { refused: number; answered: number }): void {
    const { refused = 0, answered = 0 } = this.tables.duplicates.get(uuid) ?? {};
    this.tables.duplicates.set(uuid, {
      refused: refused + more.refused,
      answered: answered + more.answered,
      lastAt: Date.now(),
    });
  }
}
