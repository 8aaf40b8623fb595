import type { INestApplicationContext } from '@nestjs/common';
import { DataSource, In, type Logger } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { createApp } from '../../src/app.setup.js';
import { ComputeService } from '../../src/compute/compute.service.js';
import { loadSettings } from '../../src/config/load-settings.js';
import { idBytes } from '../../src/storage/packed-ids.js';
import { oldestTracedQuery, oldTasksQuery } from '../../src/tasks/retention/expired-tasks.js';
import { Retention } from '../../src/tasks/retention/retention.js';
import { analyzed } from '../support/database/analyzed.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { DAY, left, recorded, sweepAll, tasksIn } from '../support/server/old-tasks.js';

declare const testDatabase: string;

describe('dropping old tasks', () => {
  let test: TestApp;
  afterEach(async () => {
    jest.restoreAllMocks();
    await test.close();
  });

  const source = () => test.app.get(DataSource);

  it('costs a few statements for a hundred tasks, and reads no others', async () => {
    test = await startApp({ TASK_RETENTION: '2d' });
    const uuids: string[] = [];
    const hex = (id: string) => idBytes(id).toString('hex');
    const rows = Array.from({ length: 3000 }, (_, n) => {
      const at = Date.now() - 9 * DAY + n;
      const uuid = uuidv7({ msecs: at });
      uuids.push(uuid);
      return `(X'${uuid.replaceAll('-', '')}', X'${hex('old')}', X'${hex('alice')}', 'reboot', 'success', ${at}, ${at})`;
    });
    await source().query(
      `INSERT INTO tasks (uuid, project_id, user_id, task, state, start_time, last_updated)
         VALUES ${rows.join(', ')}`,
    );
    if (testDatabase === 'mariadb') await analyzed(source(), 3000);

    const plans = await Promise.all(
      [
        oldTasksQuery(source(), uuids[99] as string, Date.now() - 9 * DAY + 1000, 100),
        oldestTracedQuery(source()),
        tasksIn(test.app)
          .createQueryBuilder()
          .delete()
          .where({ uuid: In(uuids.slice(0, 100)) }),
      ].map((query) => planOf(...query.getQueryAndParameters())),
    );
    expect(plans).toEqual(
      testDatabase === 'mariadb'
        ? [
            expect.objectContaining({ type: 'range', key: 'PRIMARY' }),
            expect.objectContaining({ type: 'range', key: 'tasks_by_next_look' }),
            expect.objectContaining({ type: 'range', key: 'PRIMARY' }),
          ]
        : [
            expect.stringMatching(
              /^SEARCH task USING INDEX sqlite_autoindex_tasks_1 \(uuid>\? AND uuid<\?\)$/,
            ),
            expect.stringMatching(/^SEARCH task USING INDEX tasks_by_next_look \(next_look>\?\)$/),
            expect.stringMatching(/^SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 \(uuid=\?\)$/),
          ],
    );

    const sent: string[] = [];
    source().logger.logQuery = ((sql) => void sent.push(sql)) satisfies Logger['logQuery'];
    expect(await test.app.get(Retention).sweep()).toBe(true);
    // The statements of SQLite's transactions go past TypeORM.
    const own = sent.filter((sql) => /tasks|task_subjects|tag_owners/.test(sql) && !/next_look <=/.test(sql));
    expect(own).toHaveLength(testDatabase === 'mariadb' ? 6 : 3);
    expect(await tasksIn(test.app).countBy({ projectId: 'old' })).toBe(2900);
  });

  async function planOf(sql: string, parameters: unknown[]): Promise<unknown> {
    if (testDatabase === 'mariadb') return (await source().query(`EXPLAIN ${sql}`, parameters))[0];
    const plan: { detail: string }[] = await source().query(`EXPLAIN QUERY PLAN ${sql}`, parameters);
    return plan.map(({ detail }) => detail).join('; ');
  }

  it('goes on when the compute service or the database fails meanwhile', async () => {
    test = await startApp({ TASK_RETENTION: '2d' });
    const uuid = await recorded(test.app, 9 * DAY, { task: 'create', subject: 'some server' });
    const asked = jest.spyOn(test.app.get(ComputeService), 'existingServers');
    // Also for the sweep that the server makes by itself when it starts.
    asked.mockRejectedValue(new Error('it fails'));
    const retention = test.app.get(Retention);
    await expect(retention.sweep()).rejects.toThrow('it fails');
    expect(await left(test.app, [uuid])).toEqual([uuid]);
    asked.mockRestore();
    await sweepAll(test.app);
    expect(await left(test.app, [uuid])).toEqual([]);
  });

  // Several processes need a database server.
  if (testDatabase === 'mariadb') {
    it('is done once, however many processes do it at the same time', async () => {
      test = await startApp({ TASK_RETENTION: '2d' });
      const settings = { PORT: '0', LOG_LEVEL: 'silent', DATABASE_URL: test.database.url };
      const others = await Promise.all(
        [1, 2].map(() => createApp(loadSettings({ ...settings, TASK_RETENTION: '2d' }))),
      );
      try {
        await Promise.all(Array.from({ length: 1000 }, (_, n) => recorded(test.app, 9 * DAY + n)));
        const apps = [test.app, ...others];
        await Promise.all(apps.map((app) => sweepAll(app)));
        expect(await tasksIn(test.app).countBy({ projectId: 'old' })).toBe(0);
        const counts = await Promise.all(apps.map((app) => dropped(app)));
        expect(counts.reduce((sum, count) => sum + count)).toBe(1000);
      } finally {
        await Promise.all(others.map((app) => app.close()));
      }
    });
  }
});

/** How many tasks a server has dropped by its own account. */
async function dropped(app: INestApplicationContext): Promise<number> {
  const { Registry } = await import('prom-client');
  const metric = await app.get(Registry).getSingleMetric('tasktag_tasks_expired_total')?.get();
  return metric?.values[0]?.value ?? 0;
}
