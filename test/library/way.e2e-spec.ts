import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { type Outcome, type Task, TasksService, Tracked } from '../../src/index.js';
import { DuplicateCounts } from '../../src/tasks/duplicates/duplicate-counts.js';
import { createDatabase } from '../support/database/database.js';
import {
  HostGuard,
  type HostSettings,
  itInDatabase,
  type LibraryHost,
  startHost,
} from '../support/library/library-host.js';
import { until } from '../support/until.js';

declare const testDatabase: string;

@Controller('notes')
@UseGuards(HostGuard)
class NotesController {
  @Post()
  @Tracked({
    task: () => 'note',
    duplicates: 'answer',
    answerAgain: ({ uuid }: Task) => ({ note: uuid }),
  })
  create(@Body() { note }: { note: string }) {
    return { note };
  }

  /** Goes on after its answer, and says when it began and ended. */
  @Post('long')
  @Tracked({ task: () => 'long note', outcome: (): Outcome => ({ state: 'processing' }) })
  async long() {
    const began = Date.now();
    await until('the clock to go on', () => Date.now() > began + 5);
    return { began, ended: Date.now() };
  }
}

const HOST: HostSettings = {
  platform: 'fastify',
  controllers: [NotesController],
  controller: { path: 'tasks', decorators: [UseGuards(HostGuard)] },
};

const callOf = (tag?: string) => ({
  token: null,
  headers: { 'X-User': 'a/ann' },
  ...(tag !== undefined && { tag }),
});

const send = (host: LibraryHost, path: string, tag: string) =>
  host.client.post(path, { item: 'x' }, callOf(tag));

async function taskOf(host: LibraryHost, tag: string): Promise<any> {
  const { json } = await host.client.get(`/tasks?tag=${tag}`, callOf());
  return json.tasks[0];
}

/** Writes what has been counted, rather than a second later. */
async function flush(...hosts: LibraryHost[]): Promise<void> {
  if (testDatabase === 'memory') return;
  await Promise.all(hosts.map(({ app }) => app.get(DuplicateCounts, { strict: false }).flush()));
}

/** Also fails for what is no time. */
function expectInOrder(times: number[]): void {
  for (const [n, time] of times.entries()) expect(time).toBeGreaterThanOrEqual(times[n - 1] ?? 0);
}

describe('what a task knows of its way', () => {
  it('is when it was handed on, answered and ended, and how often it came again', async () => {
    const host = await startHost({ ...HOST, options: { retentionMs: 86_400_000 } });
    const before = Date.now();
    await send(host, '/orders', 'way');
    const refused = await send(host, '/orders', 'way');
    await send(host, '/orders', 'way');
    await flush(host);
    const task = await taskOf(host, 'way');
    const times = [task.start_time, task.sent_at, task.answered_at, task.ended_at].map((at) =>
      Date.parse(at),
    );
    expectInOrder([before, ...times]);
    expect([task.ended_at, Date.parse(task.expires_at)]).toEqual([
      task.last_updated,
      Date.parse(task.ended_at) + 86_400_000,
    ]);
    expect(task.duplicates).toMatchObject({ refused: 2, answered: 0, last_at: expect.any(String) });
    expect(task.observation).toBeNull();
    for (const name of ['duplicates', 'expires_at']) expect(refused.json.task).not.toHaveProperty(name);

    await send(host, '/orders/slow', 'slow');
    const open = await taskOf(host, 'slow');
    expect(open).toMatchObject({ answered_at: expect.any(String), ended_at: null, expires_at: null });
    const tasks = host.app.get(TasksService, { strict: false });
    expect(await tasks.succeed(open.uuid)).toBe(true);
    const ended = await taskOf(host, 'slow');
    expect(ended).toMatchObject({ answered_at: open.answered_at, ended_at: ended.last_updated });
    await host.close();
  });

  it('is handed on before its handler begins, and answered when that has returned, though it goes on', async () => {
    const host = await startHost(HOST);
    const { began, ended } = (await send(host, '/notes/long', 'long')).json;
    const task = await taskOf(host, 'long');
    expectInOrder([Date.parse(task.sent_at), began, ended, Date.parse(task.answered_at)]);
    expect(task).toMatchObject({ state: 'processing', ended_at: null });
    await host.close();
  });

  it('counts the duplicates that got the first answer too', async () => {
    const host = await startHost(HOST);
    await send(host, '/notes', 'again');
    const { duplicates: none } = await taskOf(host, 'again');
    expect(none).toEqual({ refused: 0, answered: 0, last_at: null });
    const before = Date.now();
    expect((await send(host, '/notes', 'again')).headers['task-replayed']).toBe('true');
    await flush(host);
    const { duplicates } = await taskOf(host, 'again');
    expect(duplicates).toMatchObject({ refused: 0, answered: 1 });
    expect(Date.parse(duplicates.last_at)).toBeGreaterThanOrEqual(before);
    await host.close();
  });

  itInDatabase('is what the host says of one that goes on, and when it is asked next: also now', async () => {
    const nextAt = Math.ceil(Date.now() / 1000) * 1000 + 3_600_000;
    const answers: Outcome[] = [
      { state: 'processing', lookAgainAt: nextAt, why: 'The bank has not confirmed it yet.' },
    ];
    const settle = jest.fn(() => answers.pop() ?? ({ state: 'success' } as const));
    const host = await startHost({ ...HOST, options: { settle } });
    await send(host, '/orders/slow', 'bank');
    const { uuid, observation } = await taskOf(host, 'bank');
    expect([observation, settle.mock.calls]).toEqual([null, []]);
    const tasks = host.app.get(TasksService, { strict: false });
    const lookNow = (projectId: string | null) => tasks.lookNow(uuid, { projectId });
    await expect(lookNow('other')).rejects.toThrow(/could not be found|no task/i);
    const before = Date.now();
    expect(await lookNow('a')).toMatchObject({ uuid, state: 'processing' });
    await until('the look', async () => (await taskOf(host, 'bank')).observation !== null);
    const looked = await taskOf(host, 'bank');
    expect(looked.observation).toEqual({
      at: expect.any(String),
      why: 'The bank has not confirmed it yet.',
      next_at: new Date(nextAt).toISOString(),
    });
    expect(Date.parse(looked.observation.at)).toBeGreaterThanOrEqual(before);
    await lookNow(null);
    await until('the end', async () => (await taskOf(host, 'bank')).ended);
    expect(await taskOf(host, 'bank')).toMatchObject({ state: 'success', observation: null });
    await expect(lookNow('a')).rejects.toThrow(/has ended/);
    await host.close();
  });

  itInDatabase('adds up what several processes refuse and answer', async () => {
    const database = await createDatabase();
    const hosts = [await startHost({ ...HOST, database }), await startHost({ ...HOST, database })];
    const [one, other] = hosts as [LibraryHost, LibraryHost];
    for (const path of ['/orders', '/notes']) await send(one, path, path.slice(1));
    await Promise.all(
      Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? one : other)).flatMap((host) => [
        send(host, '/orders', 'orders'),
        send(host, '/notes', 'notes'),
      ]),
    );
    await flush(...hosts);
    expect((await taskOf(other, 'orders')).duplicates).toMatchObject({ refused: 10, answered: 0 });
    expect((await taskOf(other, 'notes')).duplicates).toMatchObject({ refused: 0, answered: 10 });
    for (const { app } of hosts) await app.close();
    await database.drop();
  });
});
