import { Controller, HttpCode, Logger, Param, Post, RequestMethod, Sse, UseGuards } from '@nestjs/common';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { getDataSourceToken } from '@nestjs/typeorm';
import { from } from 'rxjs';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Outcome, Task, TasksService, Tracked } from '../../src/index.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import type { Call } from '../support/network/http.js';
import {
  HostGuard,
  type HostSettings,
  type LibraryHost,
  startHost,
} from '../support/library/library-host.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let runs = 0;
let endless: Promise<void>;
let endEndless: () => void;
const release = new Map<string, () => void>();

@Controller('jobs')
@UseGuards(HostGuard)
class JobsController {
  @Post('accepted')
  @HttpCode(202)
  @Tracked({ task: () => 'job', outcome: () => ({ state: 'processing', lookAgainAt: Date.now() }) })
  accepted() {
    runs += 1;
  }

  @Post('slow')
  @HttpCode(202)
  @Tracked({ task: () => 'job', outcome: () => ({ state: 'processing' }) })
  slow() {
    runs += 1;
  }

  @Post('broken')
  @Tracked({ task: () => 'job' })
  broken() {
    runs += 1;
    throw new Error('somewhere on the way');
  }

  /** Ends when a test says so. */
  @Post('held/:name')
  @Tracked({ task: () => 'job' })
  held(@Param('name') name: string) {
    return new Promise<void>((resolve) => release.set(name, resolve));
  }

  @Post('endless')
  @Tracked({ task: () => 'job' })
  endless() {
    return endless;
  }

  @Sse('events', { method: RequestMethod.POST })
  @Tracked({ task: () => 'job' })
  events() {
    return from(endless.then(() => ({ data: 'done' })));
  }
}

let database: TestDatabase;
let hosts: LibraryHost[];
beforeEach(async () => {
  runs = 0;
  endless = new Promise((resolve) => (endEndless = resolve));
  hosts = [];
  release.clear();
  database = await createDatabase();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(hosts.map((host) => host.close()));
  await database.drop();
});

async function start(
  options: HostSettings['options'],
  platform: HostSettings['platform'] = 'express',
): Promise<LibraryHost> {
  const host = await startHost({
    platform,
    // Several hosts in turn have it.
    database: { ...database, drop: () => Promise.resolve() },
    controllers: [JobsController],
    controller: { path: 'tasks', decorators: [UseGuards(HostGuard)] },
    options: { pendingMs: 400, ...options },
  });
  hosts.push(host);
  return host;
}

async function stop(host: LibraryHost): Promise<void> {
  hosts.splice(hosts.indexOf(host), 1);
  await host.close();
}

const call = (tag: string): Call => ({ token: null, headers: { 'X-User': 'a/ann' }, tag });

const send = (host: LibraryHost, path: string, tag: string) =>
  host.client.post(`/jobs/${path}`, {}, call(tag));

const rows = (host: LibraryHost) =>
  host.app.get<DataSource>(getDataSourceToken(), { strict: false }).getRepository(Task);

const untilState = (host: LibraryHost, tag: string, state: string): Promise<any> =>
  until(`the task of ${tag} to be ${state}`, async () => {
    const { json } = await host.client.get(`/tasks?tag=${tag}`, call(tag));
    return json.tasks[0].state === state && json.tasks[0];
  });

const SUCCESS: Outcome = { state: 'success', resource: { job: '7' } };

describe('what becomes of a task that the host alone can find out about', () => {
  it('is asked when the task goes on after its answer, and recorded', async () => {
    const host = await start({ settle: ({ state }) => (state === 'processing' ? SUCCESS : null) });
    expect((await send(host, 'accepted', 'goes-on')).status).toBe(202);
    expect(await untilState(host, 'goes-on', 'success')).toMatchObject({ resource: { job: '7' } });
  });

  it('is asked when the handler failed on the way; a request that was lost is carried out when it comes again', async () => {
    const fault = { code: 503, message: 'lost' };
    const host = await start({ settle: () => Promise.resolve({ state: 'rejected', fault }) });
    expect((await send(host, 'broken', 'lost')).status).toBe(500);
    expect(await untilState(host, 'lost', 'failure')).toMatchObject({ accepted: false, fault });
    expect((await send(host, 'broken', 'lost')).status).toBe(500);
    expect(runs).toBe(2);
  });

  it('may be that what goes on was never begun: its tag is free then', async () => {
    const fault = { code: 408, message: 'never begun' };
    const host = await start({ settle: () => ({ state: 'rejected', fault }) });
    expect((await send(host, 'accepted', 'never')).status).toBe(202);
    expect(await untilState(host, 'never', 'failure')).toMatchObject({ accepted: false, fault });
    expect((await send(host, 'accepted', 'never')).status).toBe(202);
    expect(runs).toBe(2);
  });

  it('is not what it was thought to be when it turned out to go on meanwhile', async () => {
    const fault = { code: 408, message: 'not found' };
    const outcomes: Outcome[] = [{ state: 'rejected', fault }, SUCCESS];
    const host = await start({
      settle: async ({ uuid }) => {
        const lookAgainAt = Date.now();
        if (outcomes.length === 2) {
          await host.app.get(TasksService).settle(uuid, { state: 'processing', lookAgainAt });
        }
        return outcomes.shift() ?? null;
      },
    });
    await send(host, 'broken', 'late');
    expect(await untilState(host, 'late', 'success')).toMatchObject({ accepted: true, fault: null });
  });

  it('is asked again until it is known, also after the question failed', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    const answers = [() => null, () => Promise.reject(new Error('the bank is closed')), () => SUCCESS];
    const host = await start({ settle: () => (answers.shift() ?? (() => null))() });
    await send(host, 'broken', 'later');
    expect(await untilState(host, 'later', 'success')).toMatchObject({ resource: { job: '7' } });
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/the bank is closed$/));
  });

  it('is asked again also after the question failed with nothing at all', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as hosts may
    const answers = [() => Promise.reject(undefined), () => Promise.reject(null), () => SUCCESS];
    const host = await start({ settle: () => (answers.shift() ?? (() => null))() });
    await send(host, 'broken', 'nothing');
    expect(await untilState(host, 'nothing', 'success')).toMatchObject({ resource: { job: '7' } });
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/undefined was thrown$/));
  });

  it.each([
    [5000, 5000],
    [HOUR, 10 * MINUTE],
  ])('is asked later the longer it is not known: after %d ms, in %d ms', async (age, pause) => {
    let asked = 0;
    const host = await start({ settle: () => void (asked += 1) as unknown as null });
    const uuid = await unknownSince(host, age);
    const row = await until('the question', async () => {
      const found = await rows(host).findOneByOrFail({ uuid });
      return asked > 0 && found.nextLook !== null && found.nextLook !== 1 && !isLeased(found) && found;
    });
    const waits = (row.nextLook ?? 0) - Date.now();
    expect(waits).toBeLessThanOrEqual(pause + 2000);
    expect(waits).toBeGreaterThan(pause - 2000);
  });

  it('is asked in a minute about one that goes on and says no more', async () => {
    const host = await start({ settle: () => SUCCESS });
    await send(host, 'slow', 'minute');
    const { nextLook } = await rows(host).findOneByOrFail({ state: 'processing' });
    expect(Math.abs((nextLook ?? 0) - Date.now() - MINUTE)).toBeLessThan(10_000);
  });

  it('is not held up by questions that get no answer, and neither is a stop', async () => {
    const settle = ({ task }: Task) => (task === 'hangs' ? new Promise<null>(() => undefined) : SUCCESS);
    const host = await start({ settle });
    for (let n = 0; n < 3; n += 1) await unknownSince(host, 0, 'hangs');
    for (const tag of ['1', '2', '3', '4', '5']) await send(host, 'accepted', tag);
    for (const tag of ['1', '2', '3', '4', '5']) await untilState(host, tag, 'success');
    await stop(host);
    const next = await start({ settle: () => SUCCESS });
    await until('the others', async () => (await rows(next).countBy({ state: 'unknown' })) === 0);
  });

  it('is asked about one that goes on when the host said that there is something to see', async () => {
    const lookAgainAt = Date.now() + 3 * HOUR;
    const host = await start({ settle: () => ({ state: 'processing', lookAgainAt }) });
    await send(host, 'accepted', 'then');
    await until('the answer', async () => (await rows(host).countBy({ nextLook: lookAgainAt })) === 1);
  });

  it('is not asked about work that was to be committed with its task: it was not done', async () => {
    const settle = jest.fn(() => SUCCESS);
    const host = await start({ sweep: false });
    await recorded(host, { state: 'unknown', nextLook: 1, sameTransaction: true });
    await start({ settle });
    await until(
      'its end',
      async () => (await rows(host).countBy({ state: 'failure', faultCode: 503 })) === 1,
    );
    expect(settle).not.toHaveBeenCalled();
  });

  it('is nobody to ask: it stays as it is', async () => {
    const host = await start({});
    await send(host, 'broken', 'nobody');
    await untilSwept(host);
    expect((await send(host, 'broken', 'nobody')).json.task.state).toBe('unknown');
    expect(runs).toBe(1);
  });

  it.each(['endless', 'events'])(
    'is not asked, and the request not taken for lost, while its process lives, also one that does not ask: %s',
    async (path) => {
      const host = await start({ sweep: false, pendingMs: 3000 });
      const settle = jest.fn(() => SUCCESS);
      await start({ pendingMs: 3000, settle });
      const request = send(host, path, 'slow');
      const row = await until('its process to be heard of', async () => {
        const found = await rows(host).findOneBy({});
        const isLater = found !== null && (found.nextLook ?? 0) > found.startTime + 6500 && !isLeased(found);
        return found !== null && (isLater || found.state !== 'pending') && found;
      });
      expect(row.state).toBe('pending');
      endEndless();
      expect((await request).status).toBe(201);
      expect(settle).not.toHaveBeenCalled();
    },
  );

  it('is asked by one process at a time', async () => {
    const asked: string[] = [];
    const others = new Set<string>();
    const startAs = (name: string) =>
      start({
        settle: ({ task }) => {
          if (task !== 'hangs') return (others.add(name), SUCCESS);
          asked.push(name);
          return new Promise<null>(() => undefined);
        },
      });
    const [host] = [await startAs('one'), await startAs('other')];
    await unknownSince(host, 0, 'hangs');
    await until('the question', () => asked.length > 0);
    others.clear();
    await until('both to ask about others', async () => {
      await unknownSince(host, 0, 'quick');
      return others.size === 2;
    });
    expect(asked).toHaveLength(1);
  });

  it('is asked at once where there is somebody to ask, whatever other processes on the database have nobody', async () => {
    const mute = await start({});
    await send(mute, 'broken', 'unknown');
    await send(mute, 'accepted', 'processing');
    await untilSwept(mute);
    for (const { nextLook } of await rows(mute).find()) expect(nextLook).toBeLessThanOrEqual(Date.now());
    const other = await start({ settle: () => SUCCESS });
    for (const tag of ['unknown', 'processing']) await untilState(other, tag, 'success');
    await untilState(other, 'dead', 'success');
  });

  it('is not asked about one whose process died in its own transaction: each process knows that', async () => {
    const host = await start({});
    const uuid = await recorded(host, { state: 'pending', sameTransaction: true, nextLook: Date.now() });
    await until('its end', async () => (await rows(host).countBy({ uuid, state: 'failure' })) === 1);
    const unknown = await recorded(host, { state: 'unknown', sameTransaction: true, nextLook: Date.now() });
    await until('its end', async () => (await rows(host).countBy({ uuid: unknown, state: 'failure' })) === 1);
  });

  /** Until a process has looked at what was due: it has found a task whose process is dead. */
  async function untilSwept(host: LibraryHost): Promise<void> {
    await recorded(host, { tag: 'dead', state: 'pending', nextLook: Date.now() });
    await untilState(host, 'dead', 'unknown');
  }

  it('is asked by those processes only that are to', async () => {
    const settle = jest.fn(() => SUCCESS);
    const host = await start({ sweep: false, settle });
    const other = await start({ settle: () => SUCCESS });
    for (const tag of ['1', '2', '3']) await send(host, 'accepted', tag);
    for (const tag of ['1', '2', '3']) await untilState(other, tag, 'success');
    expect(settle).not.toHaveBeenCalled();
  });

  /** Writes a task of which it is not known since some time what became of it, to be looked at now. */
  async function unknownSince(host: LibraryHost, age: number, task = 'job'): Promise<string> {
    const at = Date.now() - age;
    return recorded(host, {
      uuid: uuidv7({ msecs: at }),
      task,
      state: 'unknown',
      lastUpdated: at,
      nextLook: 1,
    });
  }

  const isLeased = ({ nextLook }: Task) => Math.abs((nextLook ?? 0) - Date.now() - MINUTE) < 2000;
});

describe('a stop of the application', () => {
  it('does not wait for a handler that never ends; the next process finds out what became of it', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    const host = await start({ drainMs: 100 });
    const request = send(host, 'endless', 'endless').catch(() => undefined);
    await until('the request', async () => (await rows(host).countBy({ state: 'pending' })) === 1);
    const { uuid } = await rows(host).findOneByOrFail({ state: 'pending' });
    await stop(host);
    await request;
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(new RegExp(`are left: 1\\. .*${uuid}`)));
    const next = await start({ settle: () => SUCCESS });
    await untilState(next, 'endless', 'success');
  });

  it.each([30_000, 2 ** 31, Infinity])('waits for one that ends, when it may take %d ms', async (drainMs) => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    const host = await start({ drainMs });
    const request = send(host, 'endless', 'ends');
    await until('the request', async () => (await rows(host).countBy({ state: 'pending' })) === 1);
    const closed = host.app.close();
    // Time goes by.
    await send(host, 'slow', 'meanwhile');
    endEndless();
    expect((await request).status).toBe(201);
    hosts = [];
    await closed;
    host.client.close();
    expect(warn).not.toHaveBeenCalled();
    const next = await start({});
    expect(await untilState(next, 'ends', 'success')).toBeDefined();
  });

  it('waits for one that ends, though its client has gone', async () => {
    const host = await start({});
    const request = send(host, 'endless', 'ends').catch(() => undefined);
    await until('the request', async () => (await rows(host).countBy({ state: 'pending' })) === 1);
    host.client.close();
    await request;
    const closed = stop(host);
    // Time enough to end, were it not to wait.
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 300))]);
    endEndless();
    await closed;
    const next = await start({});
    expect(await rows(next).find()).toMatchObject([{ tag: 'ends', state: 'success' }]);
  });
});

describe.each(['express', 'fastify'] as const)(
  'a stop of the application under traffic, on %s',
  (platform) => {
    /** Sends one more request while a stop waits for another one, which it ends then. */
    async function stopMeanwhile(signal?: AbortSignal) {
      const host = await start({}, platform);
      const noClients = once(host.app.getHttpServer() as Server, 'close');
      const post = (name: string, init: RequestInit = {}) =>
        fetch(`${host.client.url}/jobs/held/${name}`, {
          method: 'POST',
          headers: { 'X-User': 'a/ann', 'Task-tag': name, Connection: 'close' },
          ...init,
        });
      const early = post('early');
      await until('the first one', () => release.has('early'));
      const closed = stop(host);
      const late = post('late', { signal }).catch(() => undefined);
      await until('another one', () => release.has('late'));
      release.get('early')?.();
      expect((await early).status).toBe(201);
      const listens = () => fetch(host.client.url, { headers: { Connection: 'close' } });
      await until('it to listen no more', () =>
        listens().then(
          () => false,
          () => true,
        ),
      );
      return { closed, late, noClients };
    }

    it('waits for no more than those that were there, and answers those that came', async () => {
      const { closed, late } = await stopMeanwhile();
      release.get('late')?.();
      expect(await late).toMatchObject({ status: 201 });
      await closed;
      await untilState(await start({}), 'late', 'success');
    });

    it('records what became of those that came, also when their clients have left', async () => {
      const client = new AbortController();
      const { closed, late, noClients } = await stopMeanwhile(client.signal);
      client.abort();
      await late;
      await noClients;
      release.get('late')?.();
      await closed;
      await untilState(await start({}), 'late', 'success');
    });
  },
);

describe('tasks that ended longer ago than the host keeps them', () => {
  it('leave by themselves, whatever is not known of others, and their tags are free', async () => {
    const first = await start({ sweep: false });
    const ended = (age: number, state: Task['state'], tag: string) => {
      const at = Date.now() - age;
      const nextLook = state === 'unknown' ? Date.now() + HOUR : null;
      return recorded(first, {
        uuid: uuidv7({ msecs: at }),
        tag: tag,
        state,
        startTime: at,
        lastUpdated: at,
        nextLook,
      });
    };
    const unknown = await ended(9 * HOUR, 'unknown', 'unknown');
    const old = [await ended(8 * HOUR, 'success', 'old'), await ended(7 * HOUR, 'failure', 'older')];
    const young = await ended(HOUR / 2, 'success', 'young');
    await start({ retentionMs: 2 * HOUR });
    await until('the old ones to leave', async () => (await rows(first).count()) === 2);
    const left = await rows(first).find({ select: { uuid: true }, order: { uuid: 'ASC' } });
    expect(left.map(({ uuid }) => uuid)).toEqual([unknown, young]);
    expect(left.filter(({ uuid }) => old.includes(uuid))).toEqual([]);
  });
});

async function recorded(host: LibraryHost, task: Partial<Task>): Promise<string> {
  const row = {
    uuid: uuidv7(),
    projectId: 'a',
    userId: 'ann',
    tag: null,
    duplicateKey: null,
    task: 'job',
    state: 'success' as const,
    serverId: null,
    resource: null,
    requestId: null,
    globalRequestId: null,
    faultCode: null,
    faultMessage: null,
    startTime: Date.now(),
    lastUpdated: Date.now(),
    nextLook: null,
    sameTransaction: false,
    ...task,
  };
  await rows(host).insert(row);
  return row.uuid;
}
