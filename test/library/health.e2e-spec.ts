import { Controller, Get, Module } from '@nestjs/common';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { TasksHealthIndicator, type TasksHealthLimits } from '../../src/terminus/index.js';
import { TasksHealth } from '../../src/tasks/health/tasks-health.js';
import { Follower } from '../../src/tasks/following/follower.js';
import { type LibraryHost, startHost } from '../support/library/library-host.js';
import { until } from '../support/until.js';

let limits: TasksHealthLimits = {};

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly tasks: TasksHealthIndicator,
  ) {}

  @Get()
  check() {
    return this.health.check([() => this.tasks.isHealthy('tasks', limits)]);
  }
}

@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [TasksHealthIndicator],
})
class HealthModule {}

describe('the health indicator', () => {
  let host: LibraryHost;
  beforeAll(async () => {
    host = await startHost({ platform: 'express', imports: [HealthModule] });
  });
  afterAll(() => host?.close());
  beforeEach(() => (limits = {}));

  const look = () => host.client.get('/health', { token: null });

  it('shows that tasks are recorded and followed', async () => {
    const { status, json } = await look();
    expect(status).toBe(200);
    expect(json.details.tasks).toMatchObject({
      status: 'up',
      database: 'up',
      waitingWrites: 0,
      open: { pending: 0, processing: 0, unknown: 0 },
      oldestUnknownMs: null,
    });
    expect(json.details.tasks.sinceSweepMs).toBeLessThan(60_000);
  });

  it('is down when a task has been unknown for longer than the host accepts, and shows it anyway', async () => {
    const headers = { 'X-User': 'shop/ann' };
    const broken = { item: 'ink', fail: 'broken' };
    await host.client.post('/orders', broken, { tag: 'unknown', token: null, headers });
    await until('the task to be older than nothing', async () => {
      return ((await look()).json.details.tasks.oldestUnknownMs as number) > 0;
    });
    expect((await look()).json.details.tasks).toMatchObject({ status: 'up', open: { unknown: 1 } });
    limits = { oldestUnknownMs: 0 };
    expect((await look()).status).toBe(503);
  });

  it('is down when open tasks are looked at no more', async () => {
    const follower = host.app.get(Follower, { strict: false });
    await follower.beforeApplicationShutdown();
    limits = { sweepMs: 1 };
    await until('the last look to be long ago', async () => (await look()).status === 503);
  });

  it('is down when the database does not answer, and says no more than that', async () => {
    limits = { databaseMs: 20 };
    const openTasks = jest.spyOn(host.app.get(TasksHealth), 'openTasks');
    for (const answer of [new Promise<never>(() => undefined), Promise.reject(new Error('secret'))]) {
      openTasks.mockReturnValueOnce(answer);
      const { status, json, text } = await look();
      expect(status).toBe(503);
      expect(json.error.tasks).toEqual({
        status: 'down',
        database: 'down',
        waitingWrites: 0,
        sinceSweepMs: expect.any(Number),
      });
      expect(text).not.toContain('secret');
    }
  });
});
