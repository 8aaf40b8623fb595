import { Controller, Logger, Param, Post, UseGuards } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource, QueryRunner } from 'typeorm';
import { CurrentTask, Task, TasksService, Tracked } from '../../src/index.js';
import { TaskProcess } from '../../src/tasks/following/task-process.entity.js';
import { TaskRecorder } from '../../src/tasks/recording/task.recorder.js';
import { lent, type TestDatabase } from '../support/database/database.js';
import { keptDatabase } from '../support/database/kept-databases.js';
import { rows, untilState, untilSwept, writeTask } from '../support/library/jobs-hosts.js';
import { HostGuard, type LibraryHost, startHost } from '../support/library/library-host.js';
import { until } from '../support/until.js';

declare const testDatabase: TestDatabase['kind'];

const PENDING_MS = 2000;

type Level = 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE';

const held = new Map<string, () => void>();
const hold = (name: string) => new Promise<void>((resolve) => held.set(name, resolve));

let source: DataSource;
let service: TasksService;

/** Does its work in a transaction, and waits in it. */
async function work(runner: QueryRunner, level: Level, { uuid }: Task): Promise<void> {
  await runner.startTransaction(level);
  try {
    // From here on it sees the tables as they are now.
    await runner.manager.findOneByOrFail(Task, { uuid });
    await hold(level);
    await service.succeed(uuid, { manager: runner.manager });
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  }
}

@Controller('long')
@UseGuards(HostGuard)
class LongController {
  @Post('held/:name')
  @Tracked({ task: () => 'held' })
  held(@Param('name') name: string) {
    return hold(name);
  }

  @Post(':level')
  @Tracked({ task: () => 'long', sameTransaction: true })
  async long(@Param('level') level: Level, @CurrentTask() task: Task) {
    const runner = source.createQueryRunner();
    const isSnapshot = level === 'REPEATABLE READ' && testDatabase === 'mariadb';
    if (isSnapshot) await runner.query('SET SESSION innodb_snapshot_isolation = ON');
    try {
      await work(runner, level, task);
    } finally {
      if (isSnapshot) await runner.query('SET SESSION innodb_snapshot_isolation = DEFAULT');
      await runner.release();
    }
  }
}

describe('handlers that take long', () => {
  let database: TestDatabase;
  let host: LibraryHost;
  let other: LibraryHost;
  const startOne = () =>
    startHost({
      platform: 'express',
      database: lent(database),
      controllers: [LongController],
      controller: { path: 'tasks', decorators: [UseGuards(HostGuard)] },
      options: { pendingMs: PENDING_MS },
    });
  beforeEach(async () => {
    database = await keptDatabase('library');
    host = await startOne();
    other = await startOne();
    service = host.app.get(TasksService, { strict: false });
    source = host.app.get<DataSource>(getDataSourceToken(), { strict: false });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const letGo of held.values()) letGo();
    held.clear();
    await Promise.all([host.close(), other.close()]);
    await database.drop();
  });

  const post = (path: string, tag: string) =>
    host.client.post(`/long/${path}`, {}, { token: null, headers: { 'X-User': 'a/ann' }, tag });
  const processes = () => source.getRepository(TaskProcess);
  const begun = (name: string) => until(`${name} to be at work`, () => held.has(name));
  const task = (tag: string) => rows(host).findOneByOrFail({ tag });

  /** Until a task's time is long over, and every process has looked at what was due since. */
  async function outlast(tag: string): Promise<void> {
    const { startTime } = await task(tag);
    await until('several beats', () => Date.now() > startTime + 2.5 * PENDING_MS);
    await untilSwept(other);
  }

  if (testDatabase !== 'sqlite') {
    it.each<Level>(['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'])(
      'commit their work with their task, though other processes have looked at what is due: %s',
      async (level) => {
        const answer = post(encodeURIComponent(level), level);
        await begun(level);
        await outlast(level);
        held.get(level)?.();
        expect((await answer).status).toBe(201);
        expect(await task(level)).toMatchObject({ state: 'success' });
      },
    );
  }

  it('cost one row for their process, which goes when it stops', async () => {
    const answers = ['one', 'two'].map((name) => post(`held/${name}`, name));
    for (const name of ['one', 'two']) await begun(name);
    await outlast('two');
    const { process } = await task('one');
    expect(await processes().find()).toMatchObject([{ id: process }]);
    for (const name of ['one', 'two']) {
      expect(await task(name)).toMatchObject({ state: 'pending', process });
      held.get(name)?.();
    }
    for (const answer of answers) expect((await answer).status).toBe(201);
    await host.close();
    const left = other.app.get<DataSource>(getDataSourceToken(), { strict: false });
    expect(await left.getRepository(TaskProcess).count()).toBe(0);
  });

  it('do not keep a task open whose end could not be written, though their process lives', async () => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation();
    const answer = post('held/long', 'long');
    await begun('long');
    const short = post('held/short', 'short');
    await begun('short');
    await until('the process to be heard of', async () => (await processes().count()) === 1);
    jest.spyOn(TaskRecorder.prototype, 'recordOutcome').mockRejectedValueOnce(new Error('away'));
    held.get('short')?.();
    expect((await short).status).toBe(201);
    await untilState(host, 'short', 'unknown');
    expect(await task('long')).toMatchObject({ state: 'pending' });
    held.get('long')?.();
    expect((await answer).status).toBe(201);
  });

  it('are heard of again after their process was taken for dead for so long that its row is gone', async () => {
    const answer = post('held/one', 'one');
    await begun('one');
    await until('the process to be heard of', async () => (await processes().count()) === 1);
    await processes().clear();
    await until('it to be heard of again', async () => (await processes().count()) === 1);
    held.get('one')?.();
    expect((await answer).status).toBe(201);
    expect(await task('one')).toMatchObject({ state: 'success' });
  });

  it('are lost with their process, as soon as its time is over', async () => {
    const now = Date.now();
    const aliveUntil = now + 4000;
    await processes().insert([
      { id: 'lives', aliveUntil },
      { id: 'died-long-ago', aliveUntil: now - 7_200_000 },
    ]);
    for (const process of ['lives', 'died-long-ago', 'unheard-of'])
      await writeTask(host, { tag: process, state: 'pending', nextLook: now, process });
    await untilState(host, 'died-long-ago', 'unknown');
    await untilState(host, 'unheard-of', 'unknown');
    if (Date.now() < aliveUntil) expect(await task('lives')).toMatchObject({ state: 'pending' });
    await untilState(host, 'lives', 'unknown');
    expect(Date.now()).toBeGreaterThanOrEqual(aliveUntil);
    await until('what is long dead to be forgotten', async () => (await processes().count()) === 1);
  });
});
