import type { INestApplicationContext } from '@nestjs/common';
import { DataSource, type Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Retention } from '../../../src/tasks/retention/retention.js';
import { Task } from '../../../src/tasks/task.entity.js';
import { TASKS_OPTIONS, type TasksOptions } from '../../../src/tasks/tasks.options.js';
import { taskRow } from '../task-row.js';

/** A server in this process. */
type App = INestApplicationContext;

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export function tasksIn(app: App): Repository<Task> {
  return app.get(DataSource).getRepository(Task);
}

/** Sets the clock of tasks ahead; what has been recorded is that much older then. */
export function later(app: App, ms: number): void {
  const options = app.get<TasksOptions>(TASKS_OPTIONS);
  const before = options.now();
  const start = Date.now();
  options.now = () => before + ms + Date.now() - start;
}

/** Looks at all old tasks, as the server does by and by. */
export async function sweepAll(app: App): Promise<void> {
  const retention = app.get(Retention);
  while (await retention.sweep());
}

/** Writes a task of a time ago, as it stands now. */
export async function recorded(app: App, ageMs: number, changes: Partial<Task> = {}): Promise<string> {
  const at = Date.now() - ageMs;
  const uuid = uuidv7({ msecs: at });
  const row = taskRow({
    uuid,
    projectId: 'old',
    userId: 'alice',
    task: 'reboot',
    state: 'success',
    startTime: at,
    lastUpdated: at,
    ...changes,
  });
  await tasksIn(app).insert(row);
  return uuid;
}

/** Those of some tasks that are there, in the order in which they are given. */
export async function left(app: App, uuids: string[]): Promise<string[]> {
  const found = new Set((await tasksIn(app).find({ select: { uuid: true } })).map(({ uuid }) => uuid));
  return uuids.filter((uuid) => found.has(uuid));
}
