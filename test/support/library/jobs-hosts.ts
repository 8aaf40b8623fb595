import { Controller, HttpCode, Param, Post, RequestMethod, Sse, UseGuards } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { from } from 'rxjs';
import { type DataSource, Not, type Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Outcome, Task, Tracked } from '../../../src/index.js';
import { lent, type TestDatabase } from '../database/database.js';
import { keptDatabase } from '../database/kept-databases.js';
import type { Answer, Call } from '../network/http.js';
import { taskRow } from '../task-row.js';
import { until } from '../until.js';
import { HostGuard, type HostSettings, type LibraryHost, startHost } from './library-host.js';

/** What the handlers did, and how a test ends those that wait for it. */
export const jobs = {
  /** How often a handler that ends by itself was called. */
  runs: 0,
  endless: Promise.resolve(),
  /** Ends the endless ones. */
  endEndless: (): void => undefined,
  /** Ends the held one of that name. */
  release: new Map<string, () => void>(),
  reset(): void {
    this.runs = 0;
    this.endless = new Promise((resolve) => (this.endEndless = resolve));
    this.release.clear();
  },
};

@Controller('jobs')
@UseGuards(HostGuard)
class JobsController {
  @Post('accepted')
  @HttpCode(202)
  @Tracked({ task: () => 'job', outcome: () => ({ state: 'processing', lookAgainAt: Date.now() }) })
  accepted() {
    jobs.runs += 1;
  }

  @Post('slow')
  @HttpCode(202)
  @Tracked({ task: () => 'job', outcome: () => ({ state: 'processing' }) })
  slow() {
    jobs.runs += 1;
  }

  @Post('broken')
  @Tracked({ task: () => 'job' })
  broken() {
    jobs.runs += 1;
    throw new Error('somewhere on the way');
  }

  /** Ends when a test says so. */
  @Post('held/:name')
  @Tracked({ task: () => 'job' })
  held(@Param('name') name: string) {
    return new Promise<void>((resolve) => jobs.release.set(name, resolve));
  }

  @Post('endless')
  @Tracked({ task: () => 'job' })
  endless() {
    return jobs.endless;
  }

  @Sse('events', { method: RequestMethod.POST })
  @Tracked({ task: () => 'job' })
  events() {
    return from(jobs.endless.then(() => ({ data: 'done' })));
  }
}

/** Gives each test a database, and starts hosts with jobs on it, in turn or side by side. */
export function jobsHosts() {
  let database: TestDatabase;
  let hosts: LibraryHost[];
  beforeEach(async () => {
    jobs.reset();
    hosts = [];
    database = await keptDatabase('library');
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
      database: lent(database),
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

  return { start, stop };
}

/** What a job comes to, says the host. */
export const SUCCESS: Outcome = { state: 'success', resource: { job: '7' } };

const call = (tag: string): Call => ({ token: null, headers: { 'X-User': 'a/ann' }, tag });

export const send = (host: LibraryHost, path: string, tag: string): Promise<Answer> =>
  host.client.post(`/jobs/${path}`, {}, call(tag));

export const rows = (host: LibraryHost): Repository<Task> =>
  host.app.get<DataSource>(getDataSourceToken(), { strict: false }).getRepository(Task);

export const untilState = (host: LibraryHost, tag: string, state: string): Promise<any> =>
  until(`the task of ${tag} to be ${state}`, async () => {
    const { json } = await host.client.get(`/tasks?tag=${tag}`, call(tag));
    return json.tasks[0].state === state && json.tasks[0];
  });

/** Until a process has looked at what was due: it has found a task whose process is dead, and may have asked about it. */
export async function untilSwept(host: LibraryHost): Promise<void> {
  const uuid = await writeTask(host, { tag: 'dead', state: 'pending', nextLook: Date.now() });
  await until('a sweep', async () => (await rows(host).countBy({ uuid, state: Not('pending') })) === 1);
}

/** Writes a task whose outcome is not known since some time, to be looked at now. */
export async function unknownSince(host: LibraryHost, age: number, task = 'job'): Promise<string> {
  const at = Date.now() - age;
  return writeTask(host, {
    uuid: uuidv7({ msecs: at }),
    task,
    state: 'unknown',
    lastUpdated: at,
    nextLook: 1,
  });
}

/** Whether a process asks about it, now. */
export const isLeased = ({ nextLook }: Task): boolean =>
  Math.abs((nextLook ?? 0) - Date.now() - 60_000) < 2000;

/** Writes a task's row, past the library. */
export async function writeTask(host: LibraryHost, task: Partial<Task>): Promise<string> {
  const row = taskRow({ task: 'job', state: 'success', ...task });
  await rows(host).insert(row);
  return row.uuid;
}
