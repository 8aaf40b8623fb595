import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { storageOf } from '../../src/storage/storage-of.js';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import { SCHEMA } from '../../src/schema.js';
import { TaskWrites } from '../../src/tasks/recording/task-writes.js';
import type { Task } from '../../src/tasks/task.entity.js';
import type { TaskState } from '../../src/tasks/task.states.js';
import { Galera } from '../support/database/galera.js';
import { TcpProxy } from '../support/network/tcp-proxy.js';
import { taskRow } from '../support/task-row.js';

const newTask = (uuid: string): Task => taskRow({ uuid, duplicateKey: uuid.replaceAll('-', '') });

describe('a node that loses its cluster while a transaction is open', () => {
  let galera: Galera;
  let proxy: TcpProxy;
  let source: DataSource;
  beforeAll(async () => {
    galera = await Galera.up();
    proxy = await TcpProxy.to(galera.url(3));
    source = await openDataSource(await dataSourceOptions(proxy.url, SCHEMA));
  }, 120_000);
  afterAll(async () => {
    await source.destroy();
    await proxy.cut();
    await galera.close();
  }, 120_000);

  const atNode1 = async (uuid: string) =>
    galera.at<{ state: TaskState }>(1, `SELECT state FROM tasks WHERE uuid = X'${uuid.replaceAll('-', '')}'`);

  /** Node 3 is alone from before the last statement of some work until after it. */
  async function loseClusterDuring<T>(text: string, work: () => Promise<T>): Promise<unknown> {
    proxy.holdAnswersTo(text);
    const done = work().catch((error: unknown) => error);
    await galera.isolate(3);
    proxy.thaw();
    const result = await done;
    await galera.rejoin(3);
    return result;
  }

  const claim = () =>
    storageOf(source).claim({ table: 'tasks', key: 'uuid', due: 'next_look', now: 2, until: 3, limit: 10 });

  it('takes no record into that transaction, which nobody could end: what is confirmed is there', async () => {
    const first = '01900000-0000-7000-8000-000000000001';
    const writes = new TaskWrites(source);
    const claimed = await loseClusterDuring('SKIP LOCKED', claim);
    expect(claimed).toMatchObject({ errno: 1047 });

    expect(await writes.insert(newTask(first))).toBe('written');
    expect(await writes.change(first, ['pending'], { state: 'processing' })).toBe(true);
    expect(await atNode1(first)).toEqual([{ state: 'processing' }]);
    // The next one that begins a transaction over the same connection must not take them away.
    expect(await claim()).toEqual([]);
    expect(await atNode1(first)).toEqual([{ state: 'processing' }]);
  }, 120_000);

  it('nor changes of several tasks, which are one statement', async () => {
    const uuids = [2, 3].map((n) => `01900000-0000-7000-8000-00000000000${n}`);
    const writes = new TaskWrites(source);
    for (const uuid of uuids) expect(await writes.insert(newTask(uuid))).toBe('written');
    // They wait for a row, each for three seconds, in transactions of their own, while the node loses its cluster.
    const blocker = await galera.connect(3);
    await blocker.query('START TRANSACTION');
    await blocker.query(`UPDATE tasks SET last_updated = 7 WHERE uuid = X'${uuids[1]?.replaceAll('-', '')}'`);
    let isAlone = false;
    const alone = galera.isolate(3).then(() => (isAlone = true));
    const changes: Promise<unknown>[] = [];
    while (!isAlone) {
      const others = new TaskWrites(source);
      for (const uuid of uuids)
        changes.push(others.change(uuid, ['pending'], { state: 'processing' }).catch((e: unknown) => e));
      await Promise.race([alone, pause(1000)]);
    }
    await Promise.all(changes);
    blocker.destroy();
    await galera.rejoin(3);

    const later = '01900000-0000-7000-8000-000000000004';
    expect(await writes.insert(newTask(later))).toBe('written');
    expect(await writes.change(later, ['pending'], { state: 'processing' })).toBe(true);
    expect(await claim()).toEqual([]);
    expect(await atNode1(later)).toEqual([{ state: 'processing' }]);
  }, 120_000);
});
