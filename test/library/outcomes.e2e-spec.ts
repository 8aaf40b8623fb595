import { Body, Controller, HttpCode, Logger, Post } from '@nestjs/common';
import { type Fault, type Outcome, singleTenant, type Task, TasksService, Tracked } from '../../src/index.js';
import { type LibraryHost, startHost } from '../support/library/library-host.js';
import type { Call } from '../support/network/http.js';
import { until } from '../support/until.js';

const asOutcome = (told: unknown) => told as Outcome;

/** What a host may tell by mistake, and what is said of it. */
const MISTAKES: [what: string, told: unknown, complaint: RegExp][] = [
  ['nothing in it', {}, /state/],
  ['an unknown state', { state: 'nonsense' }, /state/],
  ['a text', 'success', /outcome/],
  ['a promise', Promise.resolve({ state: 'success' }), /promise/],
  ['no fault', { state: 'failure' }, /fault/],
  ['a rejection without a fault', { state: 'rejected' }, /fault/],
  ['a code that is a text', { state: 'failure', fault: { code: 'ECONNREFUSED', message: 'x' } }, /code/],
  ['a code that is too large', { state: 'failure', fault: { code: 2 ** 40, message: 'x' } }, /code/],
  ['no message', { state: 'failure', fault: { code: 500 } }, /message/],
  ['a resource that is a text', { state: 'success', resource: '7' }, /resource/],
  ['an id that is an object', { state: 'success', resource: { order: {} } }, /resource/],
  ['a resource that is too long', { state: 'success', resource: { order: 'x'.repeat(70_000) } }, /resource/],
  ['no time to look again', { state: 'processing', lookAgainAt: NaN }, /lookAgainAt/],
  ['a request id that is too long', { state: 'success', requestId: 'x'.repeat(65) }, /requestId/],
];

let told: unknown;

@Controller('things')
class ThingsController {
  @Post()
  @Tracked({ task: () => 'thing', outcome: () => asOutcome(told) })
  make() {
    return { made: true };
  }

  @Post('failing')
  @Tracked({ task: () => 'thing', outcomeOfError: () => asOutcome(told) })
  fail(@Body() _body: unknown) {
    throw new Error('on the way');
  }

  @Post('accepted')
  @HttpCode(202)
  @Tracked({ task: () => 'thing' })
  accept() {
    return {};
  }
}

describe('what hosts tell of tasks', () => {
  let host: LibraryHost;
  let service: TasksService;
  let settle: (task: Task) => unknown;
  beforeAll(async () => {
    host = await startHost({
      platform: 'express',
      controllers: [ThingsController],
      options: { requester: singleTenant, pendingMs: 60_000, settle: (task) => settle(task) as Outcome },
    });
    service = host.app.get(TasksService, { strict: false });
  });
  afterAll(() => host.close());
  beforeEach(() => (settle = () => null));
  afterEach(() => jest.restoreAllMocks());

  const call = (tag: string): Call => ({ token: null, tag });
  const taskOf = async (tag: string) => {
    const { tasks } = await service.list({ projectId: 'single-tenant', tag }, { limit: 1 });
    return tasks[0];
  };

  it.each(MISTAKES)('changes no answer when it cannot be meant: %s', async (what, mistake, complaint) => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    told = mistake;
    expect(await host.client.post('/things', {}, call(what))).toMatchObject({ status: 201 });
    expect(await taskOf(what)).toMatchObject({ state: 'unknown' });
    expect(error.mock.calls[0]?.[0]).toMatchObject({ message: expect.stringMatching(complaint) });
  });

  it('of an error leaves the task unknown when it cannot be meant', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    told = { state: 'rejected' };
    expect((await host.client.post('/things/failing', {}, call('failing'))).status).toBe(500);
    expect(await taskOf('failing')).toMatchObject({ state: 'unknown' });
    expect(error.mock.calls[0]?.[0]).toMatchObject({ message: expect.stringMatching(/fault/) });
  });

  it('may name what was made by a number', async () => {
    told = { state: 'success', resource: { order: 7, item: 8n, note: 'ink' } };
    await host.client.post('/things', {}, call('numbers'));
    expect(await taskOf('numbers')).toMatchObject({
      state: 'success',
      resource: { order: '7', item: '8', note: 'ink' },
    });
  });

  it('is refused in words where it is told, and the task stays as it is', async () => {
    await host.client.post('/things/accepted', {}, call('told'));
    const uuid = (await taskOf('told'))?.uuid ?? '';
    const faults: unknown[] = [undefined, {}, { code: '500', message: 'x' }, { code: 500, message: 7 }];
    for (const fault of faults) {
      await expect(service.fail(uuid, fault as Fault)).rejects.toThrow(/^The outcome of a task .*fault/);
      await expect(service.reject(uuid, fault as Fault)).rejects.toThrow(TypeError);
    }
    await expect(service.succeed(uuid, { resource: { order: {} as string } })).rejects.toThrow(/resource/);
    await expect(service.settle(uuid, {} as Outcome)).rejects.toThrow(/state/);
    expect(await taskOf('told')).toMatchObject({ state: 'processing' });
    expect(await service.succeed(uuid)).toBe(true);
  });

  it('by settle is asked for again when it is invalid, and the log says why', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    const answers: unknown[] = [{ state: 'failure' }, { state: 'success' }];
    told = null;
    settle = ({ tag }) => (tag === 'asked' ? answers.shift() : null) ?? null;
    await host.client.post('/things/failing', {}, call('asked'));
    await until('the end', async () => (await taskOf('asked'))?.state === 'success');
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/could not be looked up: .*fault/));
  });
});
