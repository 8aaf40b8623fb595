import { Controller, Get } from '@nestjs/common';
import { register, Registry } from 'prom-client';
import { TasksMetricsModule } from '../../src/task-metrics/index.js';
import { boardOf, expressionsOf, faultsOf, metricsIn, namesOn } from '../support/board.js';
import { type LibraryHost, startHost } from '../support/library/library-host.js';

const registry = new Registry();

@Controller('metrics')
class MetricsController {
  @Get()
  async metrics() {
    return { text: await registry.metrics() };
  }
}

describe('the metrics of a host', () => {
  let host: LibraryHost;
  beforeAll(async () => {
    host = await startHost({
      platform: 'express',
      imports: [TasksMetricsModule.forRoot({ registry })],
      controllers: [MetricsController],
    });
  });
  afterAll(() => host?.close());

  const send = (tag: string, item: object = { item: 'ink' }) =>
    host.client.post('/orders', item, { tag, token: null, headers: { 'X-User': 'shop/ann' } });
  const figures = async () => {
    const { json } = await host.client.get('/metrics', { token: null });
    const lines = (json.text as string).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
    );
  };

  it('count what becomes of requests, under the names of the server', async () => {
    const before = await figures();
    expect(before.get('tasktag_refusals_total')).toBe(0);
    await send('counted');
    await send('counted');
    await send('not known', { item: 'ink', fail: 'broken' });
    await send('rejected', { item: 'ink', fail: 'rejected' });
    const after = await figures();
    for (const [name, by] of [
      ['tasktag_refusals_total', 1],
      ['tasktag_tasks_settled_total{state="success"}', 1],
      ['tasktag_tasks_settled_total{state="unknown"}', 1],
      ['tasktag_tasks_settled_total{state="rejected"}', 1],
    ] as const) {
      expect([name, after.get(name)]).toEqual([name, (before.get(name) ?? 0) + by]);
    }
    expect(after.get('tasktag_database_up')).toBe(1);
    expect(after.get('tasktag_recorder_group_size_count{kind="task"}')).toBeGreaterThan(0);
  });

  it('are all that the board for hosts shows', async () => {
    const board = boardOf('ops/grafana/library-host.json');
    const { json } = await host.client.get('/metrics', { token: null });
    const names = namesOn(json.text as string);
    expect(
      expressionsOf(board)
        .flatMap(metricsIn)
        .filter((name) => !names.has(name)),
    ).toEqual([]);
    expect(faultsOf(board)).toEqual([]);
    const shown = new Set(
      expressionsOf(board)
        .flatMap(metricsIn)
        .map((name) => name.replace(/_(bucket|sum|count)$/, '')),
    );
    expect(
      [...names].map((name) => name.replace(/_(bucket|sum|count)$/, '')).filter((name) => !shown.has(name)),
    ).toEqual([]);
    expect((await figures()).get('tasktag_since_look_seconds')).toBeLessThan(60);
  });

  it('leave the registry with the application, so that the next one may use it', async () => {
    const own = new Registry();
    for (let n = 0; n < 2; n += 1) {
      const one = await startHost({
        platform: 'fastify',
        imports: [TasksMetricsModule.forRoot({ registry: own })],
      });
      expect(own.getSingleMetric('tasktag_tasks')).toBeDefined();
      await one.close();
    }
    expect(own.getMetricsAsArray()).toEqual([]);
  });

  it('go to the registry of prom-client itself by default', async () => {
    const one = await startHost({ platform: 'express', imports: [TasksMetricsModule.forRoot()] });
    expect(await register.metrics()).toContain('tasktag_tasks_settled_total{state="success"} 0');
    await one.close();
  });
});
