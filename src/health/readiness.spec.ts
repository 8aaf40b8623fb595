import { Global, Injectable, type LoggerService, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { DependencyCheck } from './dependency-check.js';
import { HealthModule } from './health.module.js';
import { Readiness } from './readiness.js';

/** A dependency of another room, which does what the test says. */
@Injectable()
class CloudCheck extends DependencyCheck {
  readonly name = 'cloud';
  override isOptional = false;
  asked = 0;
  state: 'up' | 'down' | 'hanging' = 'up';
  private release: () => void = () => undefined;

  check(): Promise<void> {
    this.asked += 1;
    if (this.state === 'up') return Promise.resolve();
    if (this.state === 'down') return Promise.reject(new Error('password=hunter2'));
    return new Promise((resolve) => (this.release = resolve));
  }

  answerAtLast(): void {
    this.release();
  }
}

const dataSource = {
  options: {},
  migrations: [{ name: 'First' }],
  query: () => Promise.resolve([{ name: 'First' }, { name: 'OfANewerReplica' }]),
};

@Global()
@Module({
  providers: [CloudCheck, { provide: DataSource, useValue: dataSource }],
  exports: [CloudCheck, DataSource],
})
class RoomsModule {}

describe('readiness', () => {
  let readiness: Readiness;
  let cloud: CloudCheck;
  let lines: string[];
  let stop: () => Promise<void>;

  beforeEach(async () => {
    jest.useFakeTimers();
    lines = [];
    const take = (message: unknown) => void lines.push(String(message));
    const logger: LoggerService = { log: take, warn: take, error: take };
    const module = await Test.createTestingModule({
      imports: [RoomsModule, HealthModule.forRoot([CloudCheck])],
    })
      .setLogger(logger)
      .compile();
    await module.init();
    lines.length = 0;
    readiness = module.get(Readiness);
    cloud = module.get(CloudCheck);
    stop = () => module.close();
  });
  afterEach(async () => {
    await stop();
    jest.useRealTimers();
  });

  const later = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  it('names each dependency, those of other rooms too', async () => {
    expect(await readiness.report()).toEqual({
      status: 'ready',
      checks: { database: 'up', migrations: 'up', cloud: 'up' },
    });
  });

  it('says which one is down; why is for the log, once', async () => {
    cloud.state = 'down';
    for (let n = 0; n < 3; n += 1) {
      expect(await readiness.report()).toEqual({
        status: 'not_ready',
        checks: { database: 'up', migrations: 'up', cloud: 'down' },
      });
      await later(1100);
    }
    cloud.state = 'up';
    expect(await readiness.report()).toMatchObject({ status: 'ready' });
    expect(lines).toEqual(['Not ready: cloud is down: password=hunter2', 'cloud is up again']);
  });

  it('is there without what it can do without, which is named all the same', async () => {
    cloud.isOptional = true;
    cloud.state = 'down';
    expect(await readiness.report()).toMatchObject({ status: 'ready', checks: { cloud: 'down' } });
  });

  it('asks a dependency once a second at most', async () => {
    await Promise.all(Array.from({ length: 100 }, () => readiness.report()));
    await readiness.report();
    expect(cloud.asked).toBe(1);
    await later(1100);
    await readiness.report();
    expect(cloud.asked).toBe(2);
  });

  it('waits two seconds, and does not ask again before there is an answer', async () => {
    cloud.state = 'hanging';
    for (let n = 0; n < 3; n += 1) {
      const report = readiness.report();
      await later(2100);
      expect((await report).checks['cloud']).toBe('down');
      await later(1100);
    }
    expect(cloud.asked).toBe(1);

    cloud.state = 'up';
    cloud.answerAtLast();
    await later(1100);
    expect((await readiness.report()).status).toBe('ready');
    expect(cloud.asked).toBe(2);
  });

  it('ends when the server is told to stop', async () => {
    await stop();
    expect(await readiness.report()).toEqual({ status: 'shutting_down', checks: {} });
    expect(cloud.asked).toBe(0);
  });
});
