import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { SCHEMA } from '../../src/schema.js';
import { Task } from '../../src/tasks/task.entity.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { gatewaySettings, Lab } from '../support/openstack/gateway.js';
import { SlowNova } from '../support/openstack/slow-nova.js';
import { ServerProcess } from '../support/server/server-process.js';
import { taskRow } from '../support/task-row.js';
import { until } from '../support/until.js';

const TASKS = 10_000;

/** Each on a server of its own, which has been busy with it for longer than one likes. */
const AGE_MS = 120_000;

/** How late Nova is with each answer to the gateway's own questions, in milliseconds. */
const DELAY_MS = 300;

describe('with 10,000 open tasks and a Nova that is slow to tell of them', () => {
  const lab = new Lab();
  let database: TestDatabase;
  let nova: SlowNova;
  let gateway: ServerProcess;
  beforeAll(async () => {
    database = await createDatabase();
    nova = await SlowNova.start(DELAY_MS);
    gateway = await start();
  });
  afterAll(async () => {
    await gateway.stop();
    await nova.close();
    await database.drop();
    await lab.close();
  });

  function start(): Promise<ServerProcess> {
    const settings = gatewaySettings({ NOVA_URL: nova.url, NOTIFICATIONS_URL: '', LOG_LEVEL: 'silent' });
    return ServerProcess.start({ ...settings, DATABASE_URL: database.url });
  }

  /** What half of the clients wait at most for what passes through, in milliseconds. */
  async function median(count = 60): Promise<number> {
    const call = await lab.call();
    const times: number[] = [];
    for (let n = 0; n < count; n += 1) {
      const begun = performance.now();
      const { status } = await gateway.client.get('/v2.1/flavors', call);
      expect(status).toBe(200);
      times.push(performance.now() - begun);
    }
    return times.sort((a, b) => a - b)[count >> 1] as number;
  }

  /** A figure of `/metrics`. */
  async function figure(name: string): Promise<number> {
    const { text } = await gateway.client.get('/metrics', { token: null });
    const line = text.split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.split(' ')[1]);
  }

  it('clients do not wait longer, Nova is asked little, and memory stays as it is', async () => {
    const before = await median();
    const source = await new DataSource(await dataSourceOptions(database.url, SCHEMA)).initialize();
    try {
      await source.transaction(async (manager) => {
        const servers = Array.from({ length: TASKS }, () => randomUUID());
        nova.haveBusyServers(servers, Date.now() - AGE_MS);
        for (let n = 0; n < TASKS; n += 500) {
          await manager.insert(Task, servers.slice(n, n + 500).map(openTask));
        }
      });
    } finally {
      await source.destroy();
    }
    // Each task is looked at once, and then again after a while.
    await until(
      'all to be looked at',
      async () => (await figure('tasktag_tasks{state="processing"}')) === TASKS,
    );
    await until('the first questions', () => nova.questions > 0);
    const memory = await figure('process_resident_memory_bytes');
    const asked = nova.questions;
    const begun = Date.now();
    const during = await median(300);
    await until('some time to pass', () => Date.now() - begun > 20_000, 40_000);
    const perMinute = (nova.questions - asked) / ((Date.now() - begun) / 60_000);
    expect(during).toBeLessThan(2 * before + 10);
    expect(perMinute).toBeLessThan(200);
    expect(await figure('tasktag_tasks{state="processing"}')).toBe(TASKS);
    expect(await figure('process_resident_memory_bytes')).toBeLessThan(memory + 100_000_000);
  });

  /** A task that was accepted some time ago. */
  function openTask(serverId: string): Task {
    const startTime = Date.now() - AGE_MS;
    return taskRow({
      projectId: 'many',
      userId: 'many',
      task: 'reboot',
      state: 'processing',
      subject: serverId,
      resource: { server: serverId },
      requestId: `req-${randomUUID()}`,
      startTime,
      lastUpdated: startTime,
      nextLook: Date.now(),
    });
  }
});
