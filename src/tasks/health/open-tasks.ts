import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { Task } from '../task.entity.js';
import { OPEN_STATES, type TaskState } from '../task.states.js';

/** How many tasks are in an open state. */
export interface OpenTaskCount {
  state: TaskState;
  count: number;
  /** When the oldest of them was recorded, in epoch milliseconds; null without one. */
  oldestStart: number | null;
}

interface Row {
  state: string;
  count: number | string;
  oldest: number | string;
}

/** Counts the tasks that have not ended, for each open state. It reads these alone, however many have ended. */
export async function countOpenTasks(dataSource: DataSource): Promise<OpenTaskCount[]> {
  const rows = await openTasksQuery(dataSource).getRawMany<Row>();
  return OPEN_STATES.map((state) => {
    const row = rows.find((found) => found.state === state);
    return {
      state,
      count: Number(row?.count ?? 0),
      oldestStart: row === undefined ? null : Number(row.oldest),
    };
  });
}

/**
 * By the index of `next_look`, which is NULL once a task has ended. Not `IS NOT NULL`: SQLite takes no index for
 * that.
 */
export function openTasksQuery(dataSource: DataSource): SelectQueryBuilder<Task> {
  return dataSource
    .getRepository(Task)
    .createQueryBuilder('task')
    .select('task.state', 'state')
    .addSelect('COUNT(*)', 'count')
    .addSelect('MIN(task.startTime)', 'oldest')
    .where('task.nextLook >= 0')
    .groupBy('task.state');
}
