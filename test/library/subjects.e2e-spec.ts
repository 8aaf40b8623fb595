import { Body, Controller, HttpCode, Logger, Param, Post, UseGuards } from '@nestjs/common';
import { type Outcome, TasksService, Tracked } from '../../src/index.js';
import { HostGuard, type LibraryHost, startHost } from '../support/library/library-host.js';

/** More than a subject may have. */
const LONG = `urn:shop:${'fleet/'.repeat(50)}7`;

interface Made {
  order?: unknown;
  all?: string[];
}

@Controller('orders')
@UseGuards(HostGuard)
class OrdersController {
  @Post('made')
  @Tracked<Made>({
    task: () => 'make',
    outcome: ({ order, all }) =>
      ({ state: 'success', resource: { order }, ...(all && { subjects: all }) }) as Outcome,
  })
  make(@Body() made: Made) {
    return made;
  }

  @Post(':order/ship')
  @HttpCode(202)
  @Tracked<unknown, { params: { order: string } }>({
    task: () => 'ship',
    resource: ({ params: { order } }) => ({ order }),
  })
  ship(@Param('order') order: string) {
    return { order };
  }

  @Post('unsaid')
  @Tracked({ task: () => 'unsaid' })
  unsaid() {
    return {};
  }
}

describe('the tasks of a subject', () => {
  let host: LibraryHost;
  let troubles: string[];
  beforeAll(async () => {
    host = await startHost({
      platform: 'fastify',
      controllers: [OrdersController],
      controller: { path: 'tasks', decorators: [UseGuards(HostGuard)] },
      options: {
        subject: ({ order }) => {
          if (order === 'broken') throw new Error('no such order');
          return order === 'odd' ? (true as unknown as string) : (order ?? null);
        },
      },
    });
  });
  afterAll(() => host.close());
  beforeEach(() => {
    troubles = [];
    for (const level of ['warn', 'error'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation((...said) => void troubles.push(said.join(' ')));
  });
  afterEach(() => jest.restoreAllMocks());

  const call = (user = 'a/ann') => ({ token: null, headers: { 'X-User': user } });
  const make = (made: Made, user?: string) => host.client.post('/orders/made', made, call(user));
  const ship = (order: string) => host.client.post(`/orders/${encodeURIComponent(order)}/ship`, {}, call());
  const find = async (subject: string, more = '', user?: string) =>
    host.client.get(`/tasks?subject=${encodeURIComponent(subject)}${more}`, call(user));
  const found = async (subject: string) =>
    (await find(subject)).json.tasks.map(({ task, state }: any) => `${task}: ${state}`);

  it('are found by what they have made and what they act on, newest first', async () => {
    await make({ order: 'one' });
    await ship('one');
    await ship('another');
    await host.client.post('/orders/unsaid', {}, call());
    expect(await found('one')).toEqual(['ship: processing', 'make: success']);
    const service = host.app.get(TasksService, { strict: false });
    expect((await service.list({ projectId: 'a', subject: 'another' }, { limit: 5 })).tasks).toHaveLength(1);
  });

  it('are found by each of several', async () => {
    await make({ order: 'first', all: ['first', 'second', 'third'] });
    await ship('third');
    expect(await found('first')).toEqual(['make: success']);
    expect(await found('third')).toEqual(['ship: processing', 'make: success']);
  });

  it('are those of the tenant that asks alone', async () => {
    await make({ order: 'walls', all: ['walls', 'more walls'] }, 'b/bob');
    for (const subject of ['walls', 'more walls']) {
      expect(await found(subject)).toEqual([]);
      expect((await find(subject, '', 'b/bob')).json.tasks).toHaveLength(1);
    }
  });

  it('are told apart by every character, whatever it is', async () => {
    for (const subject of ['ä&=+ %7', 'Ä&=+ %7', 'ä&=+  %7']) await ship(subject);
    expect(await found('ä&=+ %7')).toHaveLength(1);
  });

  it('come in pages that stay with the subject', async () => {
    for (let n = 0; n < 3; n += 1) await ship('päged');
    await ship('not paged');
    const first = await find('päged', '&limit=2');
    expect(first.json.tasks).toHaveLength(2);
    const next = await host.client.get(first.json.tasks_links[0].href, call());
    expect(next.json).toMatchObject({ tasks: [{ resource: { order: 'päged' } }], tasks_links: [] });
  });

  it.each([LONG, '', 'a\0b', 'a ', ' a'])('cannot be asked for by what is none: %j', async (subject) => {
    expect(await find(subject)).toMatchObject({ status: 400, json: { code: 'INVALID_QUERY' } });
    const service = host.app.get(TasksService, { strict: false });
    await expect(service.list({ projectId: 'a', subject }, { limit: 1 })).rejects.toThrow(TypeError);
  });

  it.each([
    ['is too long', LONG],
    ['ends in a blank', 'one '],
    ['is no text', 'odd'],
    ['cannot be told', 'broken'],
  ])('is not kept when it %s: the work is on record all the same, and the log says why', async (_, order) => {
    expect((await make({ order })).status).toBe(201);
    expect(troubles).toContainEqual(expect.stringMatching(/option "subject"/));
    const { tasks } = await host.app
      .get(TasksService, { strict: false })
      .list({ projectId: 'a' }, { limit: 1 });
    expect(tasks).toMatchObject([{ state: 'success', resource: { order }, subject: null }]);
  });

  it('may be named by a number', async () => {
    await make({ order: 4711 });
    expect(await found('4711')).toEqual(['make: success']);
  });
});
