import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { SCHEMA } from '../../src/schema.js';
import { tagKey } from '../../src/tasks/fingerprint/fingerprint.js';
import { TaskWrites } from '../../src/tasks/recording/task-writes.js';
import type { Task } from '../../src/tasks/task.entity.js';
import { taskRow } from '../../test/support/task-row.js';

/** What one process writes: each task is inserted, and changed when it was, as for a request. */
export interface WriteOrder {
  url: string;
  /** Tasks that are written at the same time, one after the other for each. */
  lanes: number;
  seconds: number;
}

const PROJECT = randomUUID().replaceAll('-', '');
const USER = randomUUID().replaceAll('-', '');

/** A tagged create, as it is recorded. */
function newTask(): Task {
  return taskRow({
    projectId: PROJECT,
    userId: USER,
    tag: `order-${randomBytes(6).toString('hex')}`,
    duplicateKey: randomBytes(16).toString('latin1'),
    nextLook: Date.now() + 5000,
  });
}

/** @returns how many tasks were written twice */
async function write({ url, lanes, seconds }: WriteOrder): Promise<number> {
  const dataSource = await new DataSource(await dataSourceOptions(url, SCHEMA)).initialize();
  const writes = new TaskWrites(dataSource);
  const end = performance.now() + seconds * 1000;
  let count = 0;
  const lane = async () => {
    while (performance.now() < end) {
      const task = newTask();
      await writes.insert(task, tagKey(PROJECT, task.tag ?? ''));
      const server = randomUUID();
      const now = Date.now();
      const isChanged = await writes.change(task.uuid, ['pending', 'unknown'], {
        state: 'processing',
        subject: server,
        resource: { server },
        requestId: `req-${randomUUID()}`,
        lastUpdated: now,
        nextLook: now + 1000,
      });
      if (!isChanged) throw new Error('A task was not changed.');
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await dataSource.destroy();
  return count;
}

process.on('message', (order: WriteOrder) => {
  write(order).then(
    (count) => process.send?.(count, () => process.disconnect()),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
