import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DataSource, IsNull } from 'typeorm';
import type { NewTask } from '../../src/tasks/recording/new-task.js';
import { RecorderBusyError } from '../../src/tasks/recording/recorder-busy.error.js';
import { TaskRecorder } from '../../src/tasks/recording/task.recorder.js';
import { Task } from '../../src/tasks/task.entity.js';
import type { TestDatabase } from '../support/database/database.js';
import { keptDatabase } from '../support/database/kept-databases.js';
import { type LibraryHost, orders, startHost } from '../support/library/library-host.js';
import { SlowLink } from '../support/network/slow-link.js';
import { until } from '../support/until.js';

declare const testDatabase: TestDatabase['kind'];

/** There and back, in milliseconds: as far as a database on another continent. */
const ROUND_TRIP_MS = 300;

const REQUEST: NewTask = {
  projectId: 'a',
  userId: 'ann',
  tag: null,
  description: null,
  task: 'order',
  resource: null,
  requestId: null,
  globalRequestId: null,
};

/** What the process holds after a full garbage collection, in megabytes. */
function heapMb(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 1e6;
}

describe('a database that is far away', () => {
  if (testDatabase === 'sqlite') {
    it.todo('has no way to its database that could be long');
    return;
  }
  let database: TestDatabase;
  let link: SlowLink;
  let host: LibraryHost;
  beforeAll(async () => {
    database = await keptDatabase('library');
    link = await SlowLink.to(database.url, 0);
    host = await startHost({ platform: 'fastify', database: { ...database, url: link.url } });
    orders.splice(0);
  });
  afterAll(async () => {
    await host.close();
    link.close();
  });

  it('records as many as it can, tells the others in time that nothing was done, and keeps no memory of them', async () => {
    const recorder = host.app.get(TaskRecorder, { strict: false });
    const tasks = host.app.get(DataSource).getRepository(Task);
    const order = (tag: string) =>
      host.client.post('/orders', { item: 'ink' }, { token: null, headers: { 'X-User': 'a/ann' }, tag });
    const flood = (count: number) =>
      Promise.allSettled(Array.from({ length: count }, () => recorder.record(REQUEST)));
    await flood(1000);
    await tasks.clear();
    const before = heapMb();

    link.delayMs = ROUND_TRIP_MS / 2;
    const start = performance.now();
    const flooded = flood(15_000);
    expect(recorder.waiting).toBeLessThanOrEqual(10_000);
    // It comes last, and may just be in time when those before it are given up.
    const last = await order('last');
    if (last.status !== 201) expect(last).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    const results = await flooded;
    // As long as one waits, and then is written.
    expect(performance.now() - start).toBeLessThan(30_000);

    link.delayMs = 0;
    const accepted = results.filter(({ status }) => status === 'fulfilled');
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.length).toBeGreaterThanOrEqual(5000);
    // Groups that were sent, and that a busy disk did not confirm in time: nobody can say that they were not written.
    const unconfirmed = refused.filter(({ reason }) => (reason as { code?: string }).code === 'ETIMEDOUT');
    for (const { reason } of refused.filter((result) => !unconfirmed.includes(result))) {
      expect(reason).toBeInstanceOf(RecorderBusyError);
    }
    // A group at least; how many more depends on how busy the machine is.
    expect(accepted.length + unconfirmed.length).toBeGreaterThanOrEqual(250);
    const written = await tasks.countBy({ tag: IsNull() });
    expect(written).toBeGreaterThanOrEqual(accepted.length);
    expect(written).toBeLessThanOrEqual(accepted.length + unconfirmed.length);
    expect(orders).toHaveLength(last.status === 201 ? 1 : 0);
    // One that was given up is refused as the first one's until that is taken back.
    await until(
      'the last one to be done',
      async () => [201, 409].includes((await order('last')).status) && orders.length === 1,
      60_000,
    );

    accepted.length = refused.length = unconfirmed.length = results.length = 0;
    await until('the memory to be free', () => heapMb() - before < 15, 30_000);
  }, 180_000);
});
