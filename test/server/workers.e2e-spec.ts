import { once } from 'node:events';
import { connect } from 'node:net';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import type { Client } from '../support/network/http.js';
import { TcpProxy } from '../support/network/tcp-proxy.js';
import { ServerProcess } from '../support/server/server-process.js';
import { AFTER_A_LEASE_MS, countServers, expectRefused, newServer } from '../support/server/servers.js';
import { until } from '../support/until.js';

declare const testDatabase: 'sqlite' | 'mariadb';

const isGone = (pid: number) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

const isRefused = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
    socket.once('connect', () => socket.destroy());
  });

async function figure(client: Client, series: string): Promise<number | undefined> {
  const { status, text } = await client.get('/metrics', { token: null });
  expect(status).toBe(200);
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

if (testDatabase === 'sqlite') {
  it('several workers on SQLite are refused with one line', async () => {
    const { output, code } = await ServerProcess.refused({ WORKERS: '2', DATABASE_URL: 'sqlite::memory:' });
    expect(output).toMatch(/^tasktag: WORKERS must be 1 with SQLite[^\n]+\n$/);
    expect(code).toBe(1);
  });
} else {
  describe('a server of two workers', () => {
    let database: TestDatabase;
    let server: ServerProcess;
    const start = async (settings: Record<string, string> = {}) => {
      const DATABASE_URL = database.url;
      server = await ServerProcess.start({
        WORKERS: '2',
        LOG_LEVEL: 'info',
        EMBEDDED_TASK_MS: '50',
        DATABASE_URL,
        ...settings,
      });
    };
    beforeEach(async () => {
      database = await createDatabase();
    });
    afterEach(async () => {
      await server.kill();
      await database.drop();
    });

    /** The processes that have answered requests, as the log tells. */
    const answering = () =>
      new Set([...server.output.matchAll(/"pid":(\d+).*"msg":"request"/g)].map(([, pid]) => Number(pid)));

    it('greets once, and both answer at one port', async () => {
      await start();
      expect(server.listeners).toHaveLength(2);
      expect(server.output.match(/Tasktag listens on/g)).toHaveLength(1);
      await until('both to answer', async () => {
        await Promise.all(Array.from({ length: 8 }, () => server.client.get('/v3/servers')));
        return answering().size === 2;
      });
      expect([...answering()].sort()).toEqual([...server.listeners].sort());
    });

    it('accepts one of fifty equal requests at once', async () => {
      await start();
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => server.client.post('/v3/servers', newServer(), { tag: 'once' })),
      );
      const refused = answers.filter(({ status }) => status !== 202);
      expect(refused).toHaveLength(49);
      refused.forEach(expectRefused);
      expect(await countServers(server.client)).toBe(1);
      await until('both to have answered', () => answering().size === 2);
    });

    it('replaces a worker that is killed, and has done what that one answered', async () => {
      await start();
      const [victim = 0] = server.listeners;
      const tags = Array.from({ length: 60 }, (_, n) => `killed-${n}`);
      const create = (tag: string) => server.client.post('/v3/servers', newServer({ name: tag }), { tag });
      const answered: string[] = [];
      await Promise.all(
        tags.map(async (tag) => {
          try {
            expect((await create(tag)).status).toBe(202);
            answered.push(tag);
            if (answered.length === 10) process.kill(victim, 'SIGKILL');
          } catch (error) {
            expect((error as { code?: string }).code).toMatch(/ECONNRESET|EPIPE/);
          }
        }),
      );
      expect(answered.length).toBeGreaterThanOrEqual(10);
      await until('another worker to listen', () => server.listeners.length === 3);
      expect(isGone(victim)).toBe(true);
      for (const tag of answered) expectRefused(await create(tag));
      const areAllAccepted = async () => {
        const { json } = await server.client.get('/v3/tasks?limit=1000&state=pending&state=unknown');
        await Promise.all(tags.map(create));
        return json.tasks.length === 0;
      };
      await until('every request to be accepted', areAllAccepted, AFTER_A_LEASE_MS);
      const { json } = await server.client.get('/v3/servers');
      expect(json.servers.map(({ name }: { name: string }) => name).sort()).toEqual([...tags].sort());
    }, 90_000);

    it('goes on when a worker hangs, and hangs up on who waits for that one when it is killed', async () => {
      await start();
      const [victim = 0] = server.listeners;
      process.kill(victim, 'SIGSTOP');
      const ends: string[] = [];
      for (let n = 0; n < 8; n += 1) {
        const socket = connect(server.port, '127.0.0.1');
        socket.write(
          'GET /v3/servers HTTP/1.1\r\nHost: tasktag\r\nX-Auth-Token: alice:demo\r\nConnection: close\r\n\r\n',
        );
        socket.once('data', (answer: Buffer) => ends.push(answer.toString('latin1').slice(9, 12)));
        socket.once('error', (error: { code?: string }) => ends.push(error.code ?? ''));
      }
      await until('seven answers', () => ends.length === 7);
      expect(new Set(ends)).toEqual(new Set(['200']));
      process.kill(victim, 'SIGKILL');
      await until('the last one', () => ends.length === 8);
      expect(ends.at(-1)).toBe('ECONNRESET');
    });

    it('answers what is under way when it is told to stop, and takes nothing more', async () => {
      await start();
      const body = JSON.stringify(newServer());
      const requests = Array.from({ length: 4 }, () => connect(server.port, '127.0.0.1'));
      for (const socket of requests) {
        socket.write(
          'POST /v3/servers HTTP/1.1\r\nHost: tasktag\r\nX-Auth-Token: alice:demo\r\n' +
            `Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`,
        );
        await once(socket, 'data');
      }
      const exit = server.stopGently();
      await until('connections to be refused', () => isRefused(server.port));
      for (const socket of requests) {
        socket.write(body);
        const [answer] = (await once(socket, 'data')) as [Buffer];
        expect(answer.toString('latin1')).toMatch(/^HTTP\/1.1 202 /);
      }
      server.client.close();
      expect(await exit).toBe('SIGTERM');
      expect(server.listeners.every(isGone)).toBe(true);
      expect(server.output).not.toMatch(/"level":[456]0/);
    });

    it('leaves nothing behind when its first process is killed', async () => {
      await start();
      await server.kill();
      await until('the workers to end', () => server.listeners.every(isGone));
      expect(await isRefused(server.port)).toBe(true);
    });

    it('tells figures of the whole, whichever worker is asked', async () => {
      await start({ EMBEDDED_TASK_MS: '3600000' });
      await server.client.post('/v3/servers', newServer());
      await Promise.all(Array.from({ length: 30 }, () => server.client.get('/v3/servers')));
      await until('both to have answered', () => answering().size === 2);
      const counted = 'tasktag_requests_total{method="GET",route="/v3/servers",status="200"}';
      const timed = 'tasktag_request_duration_seconds_count{method="GET",route="/v3/servers"}';
      for (let n = 0; n < 4; n += 1) {
        expect(await figure(server.client, counted)).toBe(30);
        expect(await figure(server.client, timed)).toBe(30);
        // Of the database's one task both tell.
        await until('the open task to be counted', async () => {
          return (await figure(server.client, 'tasktag_tasks{state="processing"}')) === 1;
        });
        expect(await figure(server.client, 'tasktag_database_up')).toBe(1);
        expect(await figure(server.client, 'tasktag_database_connections_max')).toBe(32);
      }
      const [victim = 0] = server.listeners;
      process.kill(victim, 'SIGKILL');
      await until('another worker to listen', () => server.listeners.length === 3);
      expect(await figure(server.client, counted)).toBe(30);
    });

    it('has one operator port for all', async () => {
      await start({ OPERATOR_PORT: '0' });
      const port = /metrics are at http:\/\/127.0.0.1:(\d+)/.exec(server.output)?.[1];
      const url = `http://127.0.0.1:${port}`;
      expect(server.output.match(new RegExp(`metrics are at ${url}"`, 'g'))).toHaveLength(2);
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      expect(await (await fetch(`${url}/metrics`)).text()).toContain('tasktag_database_connections_max 32\n');
      expect((await server.client.get('/metrics')).status).toBe(404);
    });

    it('ends with one line when no worker is left and none can start', async () => {
      const proxy = await TcpProxy.to(database.url);
      await start({ DATABASE_URL: proxy.url, LOG_LEVEL: 'info' });
      await proxy.cut();
      for (const pid of server.listeners) process.kill(pid, 'SIGKILL');
      expect(await server.ended()).toBe(1);
      await until('the last line', () => server.output.includes('No server process is left'));
    });
  });

  describe('what a server of two workers cannot start with is said once', () => {
    it.each([
      ['a wrong setting', { LOG_LEVEL: 'loud' }, /^tasktag: LOG_LEVEL must be one of [^\n]+\n$/],
      [
        'no database',
        { DATABASE_URL: 'mysql://root@127.0.0.1:1/tasktag' },
        /^tasktag: The database cannot be used: [^\n]+\n$/,
      ],
    ])('%s', async (_, settings, line) => {
      const { output, code } = await ServerProcess.refused({
        WORKERS: '2',
        LOG_LEVEL: 'warn',
        DATABASE_URL: 'mysql://root@127.0.0.1:3306/tasktag',
        ...settings,
      });
      expect(output).toMatch(line);
      expect(code).toBe(1);
    });

    it('a port that is taken', async () => {
      const database = await createDatabase();
      const settings = { WORKERS: '2', DATABASE_URL: database.url, LOG_LEVEL: 'warn' };
      const server = await ServerProcess.start(settings);
      try {
        const { output, code } = await ServerProcess.refused({ ...settings, PORT: String(server.port) });
        expect(output).toMatch(/^tasktag: [^\n]*EADDRINUSE[^\n]*\n$/);
        expect(code).toBe(1);
      } finally {
        await server.stop();
        await database.drop();
      }
    });
  });
}
