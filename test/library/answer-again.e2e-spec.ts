import {
  BadRequestException,
  Body,
  ConflictException,
  Controller,
  ForbiddenException,
  Post,
  UseGuards,
} from '@nestjs/common';
import { type Task, TasksService, Tracked } from '../../src/index.js';
import { Admission } from '../../src/tasks/requests/admission.js';
import { TaskWaits } from '../../src/tasks/waiting/task-waits.js';
import {
  HostGuard,
  type HostSettings,
  type LibraryHost,
  startHost,
} from '../support/library/library-host.js';
import type { Answer } from '../support/network/http.js';
import { until } from '../support/until.js';

let runs = 0;
let letGo: (error?: Error) => void = () => undefined;

@Controller('made-again')
@UseGuards(HostGuard)
class MadeAgainController {
  @Post()
  @Tracked<{ id: string }>({
    task: () => 'order',
    outcome: ({ id }) => ({ state: 'success', resource: { order: id } }),
    duplicates: (request) => {
      const { 'x-refuse': asked } = (request as { headers: Record<string, string | undefined> }).headers;
      if (asked === 'perhaps') throw new BadRequestException('X-Refuse is 1, or is not sent');
      return asked === undefined ? 'answer' : 'refuse';
    },
    answerAgain: ({ resource }: Task, request) => {
      const { user, body } = request as { user: { name: string }; body: { item: string } };
      if (user.name === 'bob') throw new ForbiddenException('not for bob');
      return body.item === 'forgotten' ? null : { id: resource?.['order'] };
    },
  })
  async create(@Body() { item }: { item: string }): Promise<{ id: string }> {
    runs += 1;
    if (item === 'slow')
      await new Promise<void>((resolve, reject) => (letGo = (e) => (e ? reject(e) : resolve())));
    return { id: `${item}-${runs}` };
  }
}

const PLATFORMS: HostSettings['platform'][] = ['express', 'fastify'];

describe.each(PLATFORMS)('the answer that a host makes again from the task, on %s', (platform) => {
  let host: LibraryHost;
  beforeAll(async () => {
    host = await startHost({ platform, controllers: [MadeAgainController] });
  });
  afterAll(() => host.close());
  beforeEach(() => (runs = 0));

  const send = (
    tag: string,
    item = 'book',
    user = 'ann',
    headers: Record<string, string> = {},
  ): Promise<Answer> =>
    host.client.post(
      '/made-again',
      { item },
      { token: null, tag: `${platform} ${tag}`, headers: { 'X-User': `shop/${user}`, ...headers } },
    );

  it('is answered as the handler’s own, and nothing is done', async () => {
    const first = await send('1');
    const again = await send('1');
    expect([again.status, again.json]).toEqual([first.status, first.json]);
    expect([again.headers['task-replayed'], again.headers['task-tag']]).toEqual(['true', `${platform} 1`]);
    expect(again.headers['cache-control']).toBe('no-store');
    expect(runs).toBe(1);
  });

  it('is the refusal when it cannot be made, or is not wanted', async () => {
    for (const [tag, item, headers] of [
      ['2', 'forgotten', {}],
      ['3', 'book', { 'X-Refuse': '1' }],
    ] as const) {
      await send(tag, item);
      const { status, json } = await send(tag, item, 'ann', headers);
      expect([status, json.message, json.task.resource.order]).toEqual([
        409,
        'That request is already accepted',
        expect.stringContaining(item),
      ]);
    }
    expect(runs).toBe(2);
  });

  it('is the host’s error when it does not know what is wanted: nothing is recorded, and the tag stays free', async () => {
    const { status, json } = await send('8', 'book', 'ann', { 'X-Refuse': 'perhaps' });
    expect([status, json.message]).toEqual([400, 'X-Refuse is 1, or is not sent']);
    expect(await send('8')).toMatchObject({ status: 201, json: { id: 'book-1' } });
  });

  it('is the host’s error when the user may not do it any more', async () => {
    await send('4');
    const { status, json } = await send('4', 'book', 'bob');
    expect([status, json.message]).toEqual([403, 'not for bob']);
  });

  it('comes when the first one is answered', async () => {
    const [first, again] = [send('5', 'slow'), (await begun(), send('5', 'slow'))];
    await waiting();
    letGo();
    expect((await first).json).toEqual({ id: 'slow-1' });
    expect((await again).json).toEqual({ id: 'slow-1' });
  });

  it('is the handler’s when the first one was rejected meanwhile', async () => {
    const [first, again] = [send('6', 'slow'), (await begun(), send('6', 'slow'))];
    await waiting();
    letGo(new ConflictException('sold out'));
    expect((await first).status).toBe(409);
    await begun(2);
    letGo();
    const { json, headers } = await again;
    expect([json, headers['task-replayed']]).toEqual([{ id: 'slow-2' }, undefined]);
    expect(headers['link']).toBeUndefined();
  });

  it('is the refusal after ten seconds in which nothing was known, with the task as it is then', async () => {
    const admission = host.app.get(Admission, { strict: false });
    expect(admission).toMatchObject({ waitMs: 10_000 });
    Object.assign(admission, { waitMs: 2000 });
    const [first, again] = [send('7', 'slow'), (await begun(), send('7', 'slow'))];
    await waiting();
    const tasks = host.app.get(TasksService, { strict: false });
    const [task] = (await tasks.list({ projectId: 'shop', tag: `${platform} 7` }, { limit: 1 })).tasks;
    await tasks.settle(String(task?.uuid), { state: 'unknown' });
    const { status, headers, json } = await again;
    letGo();
    expect([status, headers['retry-after'], json.task.state]).toEqual([409, '5', 'unknown']);
    expect((await first).status).toBe(201);
    expect(runs).toBe(1);
  });

  const waiting = () => until('it to wait', () => host.app.get(TaskWaits).count > 0);
  const begun = (times = 1) => until('the handler', () => runs === times);
});

describe('the options of an answer that is made again', () => {
  it('are checked when the class is loaded', () => {
    expect(() => Tracked({ task: () => 'order', duplicates: 'answer' })(class Orders {})).toThrow(
      'answerAgain is missing',
    );
    expect(() => Tracked({ task: () => 'order', duplicates: 'often' as never })(class Orders {})).toThrow(
      'duplicates must be',
    );
  });
});
