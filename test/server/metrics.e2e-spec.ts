import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { uuidBytes } from '../../src/storage/bytes.js';
import { openTasksQuery } from '../../src/tasks/health/open-tasks.js';
import { analyzed } from '../support/database/analyzed.js';
import { createDatabase } from '../support/database/database.js';
import type { Client } from '../support/network/http.js';
import { TcpProxy } from '../support/network/tcp-proxy.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { AN_HOUR, ending } from '../support/server/operations.js';
import { createServer, expectRefused, newServer, untilEnded } from '../support/server/servers.js';
import { until } from '../support/until.js';

declare const testDatabase: string;

/** Where an operator reads what each figure means. */
const GUIDE = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'operating.md'), 'utf8');

/** The value of each series, by its name with its labels. */
type Figures = Map<string, number>;

async function figuresOf(client: Client): Promise<Figures> {
  const { status, text } = await client.get('/metrics', { token: null });
  expect(status).toBe(200);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const blank = line.lastIndexOf(' ');
      return [line.slice(0, blank), Number(line.slice(blank + 1))];
    }),
  );
}

/** Waits for figures that are right. Those from the database are read every five seconds: these have gone by. */
async function untilFigures(client: Client, what: string, isRight: (figures: Figures) => boolean) {
  const { now } = Date;
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 5000);
  try {
    return await until(what, async () => {
      const figures = await figuresOf(client);
      return isRight(figures) && figures;
    });
  } finally {
    clock.mockRestore();
  }
}

const namesOf = (figures: Figures) => new Set([...figures.keys()].map((key) => key.replace(/\{.*/, '')));

const requests = (method: string, route: string, status: number) =>
  `tasktag_requests_total{method="${method}",route="${route}",status="${status}"}`;

describe('metrics', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp({ EMBEDDED_TASK_MS: AN_HOUR });
  });
  afterAll(() => test.close());

  it('are in the format of Prometheus, with a help text and a type for each', async () => {
    const { headers, text } = await test.client.get('/metrics', { token: null });
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(headers['cache-control']).toBe('no-store');
    const names = new Set(
      [...text.matchAll(/^(tasktag_\w+?)(_bucket|_sum|_count)?[{ ]/gm)].map(([, name]) => name),
    );
    expect(names.size).toBeGreaterThan(5);
    for (const name of names) {
      expect(text).toMatch(new RegExp(`^# HELP ${name} [A-Z].*\\.$`, 'm'));
      expect(text).toMatch(new RegExp(`^# TYPE ${name} (counter|gauge|histogram)$`, 'm'));
      expect(GUIDE).toContain(`| \`${name}\` |`);
    }
  });

  it('tell of the process and its event loop', async () => {
    const figures = await figuresOf(test.client);
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
    ]) {
      expect([name, figures.get(name)]).toEqual([name, expect.any(Number)]);
    }
  });

  it('count requests and refusals, and what became of tasks', async () => {
    const call = { token: 'alice:counted', tag: 'counted' };
    const before = await figuresOf(test.client);
    const change = (after: Figures, key: string) => (after.get(key) ?? 0) - (before.get(key) ?? 0);

    expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(202);
    for (let n = 0; n < 3; n += 1) expectRefused(await test.client.post('/v2.1/servers', newServer(), call));
    const rejected = await test.client.post('/v3/servers', newServer({ flavorRef: 'none' }), call);
    expect(rejected.status).toBe(400);
    // A conflict that is no refusal: the server is being built.
    const [{ resource }] = (await test.client.get('/v3/servers/counted/tasks', call)).json.tasks.slice(-1);
    const action = await test.client.post(`/v3/servers/${resource.server}/action`, { 'os-stop': null }, call);
    expect(action.status).toBe(409);
    await ending(test, untilEnded(test.client, resource.server, { token: 'alice:counted' }));

    const after = await until('the end of the create to be counted', async () => {
      const now = await figuresOf(test.client);
      return change(now, 'tasktag_tasks_settled_total{state="success"}') === 1 && now;
    });
    expect(change(after, requests('POST', '/v3/servers', 202))).toBe(1);
    expect(change(after, requests('POST', '/v3/servers', 409))).toBe(3);
    expect(change(after, requests('POST', '/v3/servers', 400))).toBe(1);
    expect(change(after, 'tasktag_refusals_total')).toBe(3);
    expect(change(after, 'tasktag_tasks_settled_total{state="processing"}')).toBe(1);
    expect(change(after, 'tasktag_tasks_settled_total{state="rejected"}')).toBe(2);
    const timed = 'tasktag_request_duration_seconds_count{method="POST",route="/v3/servers"}';
    expect(change(after, timed)).toBe(5);
  });

  it('know routes, not what clients write, however much they write', async () => {
    const paths = (n: number) => [
      `/v3/servers/secret-${n}`,
      `/v3/servers/secret-${n}/tasks`,
      `/v3/tasks?tag=secret-${n}`,
      `/v2.1/secret-${n}/servers/secret-${n}`,
      `/v3/secret-${n}`,
      `/secret-${n}/x`,
      `/tag/secret-${n}/v2.1/servers`,
      `/identity/v3/secret-${n}`,
      `/image/v2/images/secret-${n}`,
      `/docs/secret-${n}`,
    ];
    // Node's own may come at any time: one for each kind of garbage collection.
    const ours = (figures: Figures) => [...figures.keys()].filter((name) => name.startsWith('tasktag_'));
    const ask = async (n: number) => {
      for (const path of paths(n)) await test.client.get(path);
    };
    await ask(0);
    const before = await figuresOf(test.client);
    for (let n = 1; n < 20; n += 1) await ask(n);
    const { text } = await test.client.get('/metrics', { token: null });
    expect(text).not.toContain('secret');
    expect(ours(await figuresOf(test.client))).toEqual(ours(before));
    expect(before.get(requests('GET', '/v3/servers/:key/tasks', 404))).toBeGreaterThan(0);
    expect(before.get(requests('GET', 'none', 404))).toBeGreaterThan(0);
  });

  it('leave out what monitors ask', async () => {
    await test.client.get('/readyz', { token: null });
    const keys = [...(await figuresOf(test.client)).keys()].join('\n');
    expect(keys).not.toMatch(/readyz|healthz|route="\/metrics/);
  });

  it('tell of this application alone', async () => {
    const other = await startApp();
    try {
      await other.client.get('/v3/servers');
      expect((await figuresOf(other.client)).get(requests('GET', '/v3/servers', 200))).toBe(1);
    } finally {
      await other.close();
    }
  });

  it('have the use of the connections where there are several', async () => {
    const figures = await figuresOf(test.client);
    const names = namesOf(figures);
    if (testDatabase === 'sqlite') {
      expect([...names].filter((name) => name.startsWith('tasktag_database_'))).toEqual([
        'tasktag_database_up',
      ]);
      return;
    }
    expect(figures.get('tasktag_database_connections_max')).toBe(16);
    expect(figures.get('tasktag_database_waiting')).toBe(0);
    const used = figures.get('tasktag_database_connections{state="used"}') as number;
    const idle = figures.get('tasktag_database_connections{state="idle"}') as number;
    expect(used).toBeGreaterThanOrEqual(0);
    expect(used + idle).toBeGreaterThan(0);
    expect(used + idle).toBeLessThanOrEqual(16);
  });
});

describe('metrics of open tasks', () => {
  let test: TestApp;
  let source: DataSource;
  beforeAll(async () => {
    test = await startApp({ EMBEDDED_TASK_MS: '3600000' });
    source = test.app.get(DataSource);
  });
  afterAll(() => test.close());

  it('are 0 when there are none', async () => {
    const figures = await figuresOf(test.client);
    for (const state of ['pending', 'processing', 'unknown']) {
      expect(figures.get(`tasktag_tasks{state="${state}"}`)).toBe(0);
    }
    expect(figures.get('tasktag_oldest_open_task_age_seconds')).toBe(0);
    expect(figures.get('tasktag_oldest_unknown_task_age_seconds')).toBe(0);
    expect(figures.get('tasktag_database_up')).toBe(1);
  });

  it('are those of the database, by state and age', async () => {
    for (const name of ['a', 'b', 'c']) {
      expect((await test.client.post('/v3/servers', newServer({ name }))).status).toBe(202);
    }
    const now = Date.now();
    const [, second, third] = (await test.client.get('/v3/tasks')).json.tasks;
    // Tracking must leave them as they are for the length of this test.
    const set = 'UPDATE tasks SET state = ?, start_time = ?, next_look = ? WHERE uuid = ?';
    await source.query(set, ['unknown', now - 3_600_000, now + 3_600_000, uuidBytes(second.uuid)]);
    await source.query(set, ['processing', now - 7_200_000, now + 3_600_000, uuidBytes(third.uuid)]);

    const figures = await untilFigures(test.client, 'the open tasks', (found) => {
      return found.get('tasktag_tasks{state="unknown"}') === 1;
    });
    expect(figures.get('tasktag_tasks{state="processing"}')).toBe(2);
    expect(figures.get('tasktag_tasks{state="pending"}')).toBe(0);
    expect([...figures.keys()].filter((key) => key.startsWith('tasktag_tasks{'))).toHaveLength(3);
    const isAbout = (key: string, seconds: number) => {
      expect(figures.get(key)).toBeGreaterThanOrEqual(seconds);
      expect(figures.get(key)).toBeLessThan(seconds + 60);
    };
    isAbout('tasktag_oldest_open_task_age_seconds', 7200);
    isAbout('tasktag_oldest_unknown_task_age_seconds', 3600);
  });

  it('are counted without reading those that have ended', async () => {
    await createEnded(2000);
    await analyzed(source, 2000);
    const [sql, parameters] = openTasksQuery(source).getQueryAndParameters();
    const explain = testDatabase === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
    const plan: { detail?: string; key?: string }[] = await source.query(`${explain} ${sql}`, parameters);
    expect(plan.map(({ detail, key }) => detail ?? key).join()).toMatch(/tasks_by_next_look/);
  });

  async function createEnded(count: number): Promise<void> {
    const rows = Array.from(
      { length: count },
      (_, n) => `(X'${String(n).padStart(32, '0')}', 'p', 'u', 'create', 'success', 1, 1)`,
    );
    await source.query(
      `INSERT INTO tasks (uuid, project_id, user_id, task, state, start_time, last_updated) VALUES ${rows.join()}`,
    );
  }
});

describe('metrics without a database', () => {
  it('have all figures but those that are read there', async () => {
    const database = await createDatabase();
    const proxy = testDatabase === 'mariadb' ? await TcpProxy.to(database.url) : undefined;
    const test = await startApp(proxy && { DATABASE_URL: proxy.url });
    try {
      await createServer(test.client);
      expect((await figuresOf(test.client)).get('tasktag_database_up')).toBe(1);
      if (proxy === undefined) await test.app.get(DataSource).query('ALTER TABLE tasks RENAME TO gone');
      else proxy.freeze();

      const figures = await untilFigures(test.client, 'the database to be missed', (found) => {
        return found.get('tasktag_database_up') === 0;
      });
      expect(figures.get(requests('POST', '/v3/servers', 202))).toBe(1);
      const names = namesOf(figures);
      expect(names).not.toContain('tasktag_tasks');
      expect(names).not.toContain('tasktag_oldest_open_task_age_seconds');
      expect(names).not.toContain('tasktag_oldest_unknown_task_age_seconds');
    } finally {
      await proxy?.cut();
      await test.close();
      await database.drop();
    }
  });
});
