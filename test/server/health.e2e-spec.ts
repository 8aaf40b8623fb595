import { once } from 'node:events';
import { connect } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { OperatorServer } from '../../src/operator/operator-server.js';
import { SCHEMA } from '../../src/schema.js';
import { createDatabase } from '../support/database/database.js';
import { type Answer, Client } from '../support/network/http.js';
import { TcpProxy } from '../support/network/tcp-proxy.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { newServer } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';
import { until } from '../support/until.js';

declare const testDatabase: string;

/** What a monitor sends: no token. */
const NOBODY = { token: null };

const READY = { status: 'ready', checks: { database: 'up', migrations: 'up' } };
const DATABASE_DOWN = { status: 'not_ready', checks: { database: 'down', migrations: 'down' } };

describe('health', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  it('is told to who has no token, and kept by no cache', async () => {
    const alive = await test.client.get('/healthz', NOBODY);
    expect([alive.status, alive.json]).toEqual([200, { status: 'alive' }]);
    const ready = await test.client.get('/readyz', NOBODY);
    expect([ready.status, ready.json]).toEqual([200, READY]);
    for (const { headers } of [alive, ready]) {
      expect(headers['content-type']).toMatch(/^application\/json/);
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  it('is told in the form of oslo.middleware, too', async () => {
    const ask = async (accept?: string) => {
      const headers: Record<string, string> = accept === undefined ? {} : { accept };
      const { status, headers: got, text } = await test.client.get('/healthcheck', { ...NOBODY, headers });
      return [status, got['content-type'], text];
    };
    const plain = [200, 'text/plain; charset=UTF-8', 'OK'];
    const json = [
      200,
      'application/json',
      '{\n    "detailed": false,\n    "reasons": [\n        "OK"\n    ]\n}',
    ];
    for (const accept of [
      undefined,
      '*/*',
      'text/*',
      'image/png',
      'text/html',
      'application/json, text/plain',
      '',
    ])
      expect([accept, ...(await ask(accept))]).toEqual([accept, ...plain]);
    for (const accept of ['application/json', 'application/*', 'text/plain;q=0.4, application/json;q=0.5'])
      expect([accept, ...(await ask(accept))]).toEqual([accept, ...json]);
    const head = await test.client.call('HEAD', '/healthcheck', NOBODY);
    expect([head.status, head.text, head.headers['cache-control']]).toEqual([204, '', 'no-store']);
  });

  it('is no task, whatever comes with the question', async () => {
    const call = { token: 'alice:monitor', tag: 'monitored' };
    for (const path of ['/healthz', '/readyz', '/healthcheck', '/metrics']) {
      const answer = await test.client.get(path, call);
      expect([answer.status, answer.headers['task-tag']]).toEqual([200, undefined]);
      expect((await test.client.post(path, newServer(), call)).status).toBe(404);
    }
    expect(await tasksOf(test.client, call)).toEqual([]);
  });

  it('is no longer ready when its schema is not the one it needs', async () => {
    const other = await startApp();
    const source = await new DataSource(await dataSourceOptions(other.database.url, SCHEMA)).initialize();
    try {
      await source.undoLastMigration();
      const answer = await untilReadiness(other.client, 503);
      expect(answer.json).toEqual({ status: 'not_ready', checks: { database: 'up', migrations: 'down' } });
      expectNothingInside(answer);
      await source.runMigrations();
      expect((await untilReadiness(other.client, 200)).json).toEqual(READY);
    } finally {
      await source.destroy();
      await other.close();
    }
  });
});

describe('health without a database', () => {
  if (testDatabase === 'sqlite') {
    it('is alive, not ready, and names the database', async () => {
      const test = await startApp();
      try {
        const source = test.app.get(DataSource);
        await source.query('DROP TABLE migrations');
        const answer = await untilReport(test.client, 503, DATABASE_DOWN);
        expectNothingInside(answer);
        expect((await test.client.get('/healthz', NOBODY)).status).toBe(200);
        const check = await test.client.get('/healthcheck', NOBODY);
        expect([check.status, check.text]).toEqual([503, 'database is down\nmigrations is down']);
        expect((await test.client.call('HEAD', '/healthcheck', NOBODY)).status).toBe(503);
      } finally {
        await test.close();
      }
    });
    return;
  }

  let proxy: TcpProxy;
  let test: TestApp;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await createDatabase();
    drop = database.drop;
    proxy = await TcpProxy.to(database.url);
    test = await startApp({ DATABASE_URL: proxy.url });
  });
  afterAll(async () => {
    await test.close();
    await proxy.cut();
    await drop();
  });

  it('is alive, not ready, and names the database; ready again when it is back', async () => {
    expect((await test.client.get('/readyz', NOBODY)).json).toEqual(READY);
    await proxy.cut();
    const answer = await untilReport(test.client, 503, DATABASE_DOWN);
    expectNothingInside(answer);
    expect((await test.client.get('/healthz', NOBODY)).status).toBe(200);
    await proxy.open();
    expect((await untilReadiness(test.client, 200)).json).toEqual(READY);
  });

  it('does not wait for a database that hangs', async () => {
    await untilReadiness(test.client, 200);
    proxy.freeze();
    await untilReport(test.client, 503, DATABASE_DOWN);
    const start = Date.now();
    const answers = await Promise.all(Array.from({ length: 50 }, () => test.client.get('/readyz', NOBODY)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    expect((await test.client.get('/healthz', NOBODY)).status).toBe(200);
    expect(Date.now() - start).toBeLessThan(5000);
    await proxy.cut();
    await proxy.open();
    await untilReadiness(test.client, 200);
  });
});

describe('a port for the operator', () => {
  const PATHS = ['/healthz', '/readyz', '/metrics'];
  let test: TestApp;
  let operator: Client;
  beforeEach(async () => {
    test = await startApp({ OPERATOR_PORT: '0' });
    operator = new Client(test.app.get(OperatorServer).url as string);
  });
  afterEach(async () => {
    operator.close();
    await test.close();
  });

  it('has the paths, which are no longer beside the API', async () => {
    for (const path of PATHS) {
      expect([path, (await operator.get(path, NOBODY)).status]).toEqual([path, 200]);
      expect([path, (await test.client.get(path)).status]).toEqual([path, 404]);
    }
    expect(new URL(operator.url).hostname).toBe('127.0.0.1');
  });

  it('has nothing else', async () => {
    for (const path of ['/', '/v3', '/v3/servers', '/docs', '/openapi.json', '/identity/v3']) {
      expect([path, (await operator.get(path)).status]).toEqual([path, 404]);
    }
  });

  it('says that the server is shutting down, while the last requests are answered', async () => {
    const { hostname, port } = new URL(test.client.url);
    const slow = connect(Number(port), hostname);
    const body = JSON.stringify(newServer());
    slow.write(
      `POST /v3/servers HTTP/1.1\r\nHost: x\r\nX-Auth-Token: alice:demo\r\nConnection: close\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    // Answered over another connection, so the first one has been read by then.
    await test.client.get('/v3/servers');
    const closed = test.app.close();
    const answer = await until('the shut-down', async () => {
      const asked = await operator.get('/readyz', NOBODY);
      return asked.status === 503 && asked;
    });
    expect(answer.json).toEqual({ status: 'shutting_down', checks: {} });
    expect((await operator.get('/healthz', NOBODY)).status).toBe(200);

    slow.write(body);
    const [head] = (await once(slow, 'data')) as [Buffer];
    expect(head.toString()).toMatch(/^HTTP\/1.1 202 /);
    await closed;
    await expect(operator.get('/readyz', NOBODY)).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/);
  });
});

/** Waits for a report of `/readyz`; each check in it may be a second old, and so for a moment they may disagree. */
function untilReport(client: Client, status: number, report: object): Promise<Answer> {
  return until(`/readyz to be ${JSON.stringify(report)}`, async () => {
    const answer = await client.get('/readyz', NOBODY);
    return answer.status === status && isDeepStrictEqual(answer.json, report) && answer;
  });
}

/** Waits for a status of `/readyz`. */
function untilReadiness(client: Client, status: number): Promise<Answer> {
  return until(`/readyz to be ${status}`, async () => {
    const answer = await client.get('/readyz', NOBODY);
    return answer.status === status && answer;
  });
}

/** Anybody may ask, so an answer has names and nothing of what went wrong. */
function expectNothingInside({ text }: Answer): void {
  expect(text).not.toMatch(/select|table|sql|root|127\.0\.0\.1|ECONN|error|at /i);
}
