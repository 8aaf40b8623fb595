import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpCode,
  type MessageEvent,
  Post,
  RequestMethod,
  Res,
  Sse,
  StreamableFile,
  UseGuards,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { Readable } from 'node:stream';
import { concat, delay, from, of } from 'rxjs';
import type { DataSource } from 'typeorm';
import { CurrentTask, type Outcome, Task, TasksService, Tracked } from '../../src/index.js';
import { TaskRecorder } from '../../src/tasks/recording/task.recorder.js';
import {
  HostGuard,
  type HostSettings,
  type LibraryHost,
  startHost,
} from '../support/library/library-host.js';
import type { Call } from '../support/network/http.js';
import { until } from '../support/until.js';

const runs: string[] = [];

/** What Express's response and Fastify's reply have in common. */
interface PlatformResponse {
  status: (code: number) => PlatformResponse;
  send: (body?: unknown) => unknown;
}

@Controller('kinds')
@UseGuards(HostGuard)
@Tracked({ task: () => 'of the class' })
class KindsController {
  @Post('class')
  ofClass() {
    runs.push('class');
    return {};
  }

  @Post('both')
  @Tracked({ task: () => 'of the method' })
  both(@CurrentTask() task: Task) {
    runs.push('both');
    return { task: task.uuid };
  }

  @Get('read')
  read(@CurrentTask() task?: Task) {
    return { task: task?.uuid ?? null };
  }

  @Post('accepted')
  @HttpCode(202)
  accepted(@CurrentTask() task: Task) {
    return { task: task.uuid };
  }

  @Post('status')
  status(@Body() { code }: { code: number }, @Res({ passthrough: true }) response: PlatformResponse) {
    runs.push('status');
    response.status(code);
    return { code };
  }

  @Post('by-hand')
  byHand(@Body() { code }: { code: number }, @Res() response: PlatformResponse) {
    runs.push('by-hand');
    response.status(code).send({ code });
  }

  @Post('by-hand-later')
  byHandLater(@Res() response: PlatformResponse) {
    setImmediate(() => response.status(202).send({}));
  }

  @Post('by-hand-throws')
  byHandThrows(@Res() _: PlatformResponse) {
    throw new BadRequestException('not now');
  }

  @Post('by-hand-stream')
  byHandStream(@Res() response: PlatformResponse & { raw?: NodeJS.WritableStream }) {
    const stream = Readable.from(['one ', 'two ', 'three']);
    stream.pipe(response.raw ?? (response as unknown as NodeJS.WritableStream));
  }

  @Post('file')
  file() {
    return new StreamableFile(Readable.from([Buffer.from('a '), Buffer.from('file')]));
  }

  @Post('many')
  many() {
    return from([{ n: 1 }, { n: 2 }]);
  }

  @Sse('events', { method: RequestMethod.POST })
  events() {
    runs.push('events');
    return concat(of<MessageEvent>({ data: 'one' }), of<MessageEvent>({ data: 'two' }).pipe(delay(5)));
  }

  @Post('mistaken')
  @Tracked({
    task: () => 'mistaken',
    outcome: () => {
      throw new Error('cannot tell');
    },
  })
  mistaken() {
    runs.push('mistaken');
    return { done: true };
  }

  @Post('named')
  @Tracked({
    task: () => 'named',
    parameters: (request) => ({ item: (request as { body?: { item?: string } }).body?.item ?? null }),
  })
  named() {
    return { n: runs.push('named') };
  }

  @Post('transfer')
  @Tracked({ task: () => 'transfer', sameTransaction: true })
  transfer(@Body() { how }: { how: string }, @CurrentTask() task: Task) {
    return transfer(how, task);
  }
}

/** The host's own table and transaction. */
let source: DataSource;
let service: TasksService;
let recorder: TaskRecorder;

const GIVEN_UP: Outcome = { state: 'rejected', fault: { code: 503, message: 'taken for dead' } };

async function transfer(how: string, task: Task): Promise<{ how: string }> {
  // As the sweep of another process records it.
  if (how === 'given up') await recorder.recordOutcome(task.uuid, GIVEN_UP);
  return source
    .transaction(async (manager) => {
      await manager.query(`INSERT INTO transfers (task) VALUES ('${task.uuid}')`);
      if (how === 'throws before') throw new Error('before');
      await service.succeed(task.uuid, { manager, resource: { transfer: '1' } });
      if (how === 'throws inside') throw new Error('inside');
    })
    .then(() => {
      if (how === 'throws after') throw new Error('after');
      return { how };
    });
}

describe.each<HostSettings>([
  { platform: 'express' },
  { platform: 'express', rawBody: true },
  { platform: 'fastify' },
])('handlers of every kind: %o', (settings) => {
  let host: LibraryHost;
  beforeAll(async () => {
    host = await startHost({ ...settings, controllers: [KindsController] });
    source = host.app.get<DataSource>(getDataSourceToken(), { strict: false });
    service = host.app.get(TasksService, { strict: false });
    recorder = host.app.get(TaskRecorder, { strict: false });
    await source.query('CREATE TABLE transfers (task VARCHAR(36))');
  });
  afterAll(() => host.close());
  beforeEach(() => runs.splice(0));

  const as = (tag: string, more: Record<string, string> = {}): Call => ({
    token: null,
    headers: { 'X-User': 'a/ann', ...more },
    tag,
  });
  const post = (path: string, tag: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    host.client.post(`/kinds/${path}`, body, as(tag, headers));
  const tasks = async (tag: string) => (await service.list({ projectId: 'a', tag }, { limit: 10 })).tasks;

  it('on a class: what changes something is recorded, and what reads is not', async () => {
    expect((await post('class', 'class')).status).toBe(201);
    expect((await post('class', 'class')).status).toBe(409);
    expect(await tasks('class')).toMatchObject([{ task: 'of the class', state: 'success' }]);
    const read = await host.client.get('/kinds/read', as('class'));
    expect(read).toMatchObject({ status: 200, json: { task: null } });
    expect(read.headers['task-tag']).toBeUndefined();
    expect(runs).toEqual(['class']);
  });

  it('on class and handler: recorded once, as the handler says', async () => {
    const answer = await post('both', 'both');
    expect(answer.status).toBe(201);
    expect(await tasks('both')).toMatchObject([{ uuid: answer.json.task, task: 'of the method' }]);
  });

  it('answered 202: goes on until the host says how it ended', async () => {
    const { json } = await post('accepted', 'accepted');
    expect(await tasks('accepted')).toMatchObject([{ state: 'processing' }]);
    expect(await service.succeed(json.task as string, { resource: { parcel: '7' } })).toBe(true);
    expect(await tasks('accepted')).toMatchObject([{ state: 'success', resource: { parcel: '7' } }]);
    expect(await service.fail(json.task as string, { code: 500, message: 'late' })).toBe(false);
  });

  it.each(['status', 'by-hand'])(
    'that set the status themselves: it tells what became of it (%s)',
    async (path) => {
      const states = new Map([
        [200, 'success'],
        [202, 'processing'],
        [404, 'failure'],
        [408, 'unknown'],
        [500, 'unknown'],
      ]);
      for (const [code, state] of states) {
        expect(await post(path, `${path} ${code}`, { code })).toMatchObject({ status: code, json: { code } });
        expect(await tasks(`${path} ${code}`)).toMatchObject([{ state }]);
        expect((await post(path, `${path} ${code}`, { code })).status).toBe(code === 404 ? 404 : 409);
      }
      expect(runs).toHaveLength(states.size + 1);
    },
  );

  it('that send their answer after they have returned, or in pieces, or throw', async () => {
    expect((await post('by-hand-later', 'later')).status).toBe(202);
    expect(await tasks('later')).toMatchObject([{ state: 'processing' }]);
    expect((await post('by-hand-stream', 'stream')).text).toBe('one two three');
    expect(await tasks('stream')).toMatchObject([{ state: 'success' }]);
    expect((await post('by-hand-throws', 'throws')).status).toBe(400);
    expect(await tasks('throws')).toMatchObject([{ state: 'failure', faultCode: 400 }]);
  });

  it('that return a stream, or several values', async () => {
    expect((await post('file', 'file')).text).toBe('a file');
    expect((await post('file', 'file')).status).toBe(409);
    expect((await post('many', 'many')).json).toEqual({ n: 2 });
  });

  it('that send events: all of them arrive, and the task ends with the last one', async () => {
    const answer = await post('events', 'events');
    expect(answer.text).toMatch(/data: one[^]*data: two/);
    await until('the end', async () => (await tasks('events'))[0]?.state === 'success');
    // Nest may have begun the stream by then, and tells of the refusal in it.
    expect((await post('events', 'events')).text).toContain('That request is already accepted');
    expect(runs).toEqual(['events']);
  });

  it('whose outcome cannot be told answer all the same, and leave the task unknown', async () => {
    expect(await post('mistaken', 'mistaken')).toMatchObject({ status: 201, json: { done: true } });
    expect(await tasks('mistaken')).toMatchObject([{ state: 'unknown' }]);
    expect((await post('mistaken', 'mistaken')).status).toBe(409);
  });

  it('that name what counts as parameters: nothing else does, and a body need not be read', async () => {
    expect((await post('named', 'named', { item: 'ink', note: '1' })).status).toBe(201);
    expect((await post('named', 'named', { item: 'ink', note: '2' })).status).toBe(409);
    expect((await post('named', 'named', { item: 'pen', note: '1' })).status).toBe(201);
  });

  it('a body that no parser has read is refused, and not taken for an empty one', async () => {
    const send = (body: string, tag: string) =>
      host.client.post('/kinds/class', Buffer.from(body), as(tag, { 'Content-Type': 'application/xml' }));
    const [one, other] = [await send('<a/>', 'unread'), await send('<b/>', 'unread')];
    expect([one.status, other.status]).toEqual([415, 415]);
    expect(await tasks('unread')).toEqual([]);
    const form = '--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nbytes\r\n--x--\r\n';
    const type = { 'Content-Type': 'multipart/form-data; boundary=x' };
    expect((await post('class', 'form', Buffer.from(form), type)).status).toBe(415);
    expect(runs).toEqual([]);
  });

  it('an empty body, or none, is no unread one', async () => {
    expect((await host.client.call('POST', '/kinds/class', as('no body'))).status).toBe(201);
    expect((await host.client.call('POST', '/kinds/class', as('no body'))).status).toBe(409);
    expect((await post('class', 'empty object', {})).status).toBe(201);
  });

  describe('that end their task in their own transaction', () => {
    const rows = async () => Number((await source.query('SELECT COUNT(*) AS n FROM transfers'))[0].n);
    beforeEach(() => source.query('DELETE FROM transfers'));

    it('commit both, or neither; after neither, the request may be sent again', async () => {
      for (const how of ['throws before', 'throws inside']) {
        expect((await post('transfer', how, { how })).status).toBe(500);
        expect(await tasks(how)).toMatchObject([{ state: 'failure', duplicateKey: null }]);
        expect(await rows()).toBe(0);
        expect((await post('transfer', how, { how })).status).toBe(500);
      }
      expect((await post('transfer', 'well', { how: 'well' })).status).toBe(201);
      expect(await tasks('well')).toMatchObject([{ state: 'success', resource: { transfer: '1' } }]);
      expect(await rows()).toBe(1);
    });

    it('stay ended when they throw after their transaction', async () => {
      expect((await post('transfer', 'after', { how: 'throws after' })).status).toBe(500);
      expect(await tasks('after')).toMatchObject([{ state: 'success' }]);
      expect((await post('transfer', 'after', { how: 'throws after' })).status).toBe(409);
      expect(await rows()).toBe(1);
    });

    it('are told so when they give a manager without a transaction: what it writes is committed at once', async () => {
      const { json } = await post('accepted', 'no transaction');
      const uuid = json.task as string;
      const told = service.succeed(uuid, { manager: source.manager });
      await expect(told).rejects.toThrow(/has no open transaction .*dataSource\.transaction\(\)/);
      expect(await tasks('no transaction')).toMatchObject([{ state: 'processing' }]);
    });

    it('may open it in any way of TypeORM', async () => {
      const { json } = await post('accepted', 'by hand');
      const runner = source.createQueryRunner();
      await runner.startTransaction();
      expect(await service.succeed(json.task as string, { manager: runner.manager })).toBe(true);
      await runner.commitTransaction();
      await runner.release();
      const repository = source.getRepository(Task);
      const other = (await post('accepted', 'nested')).json.task as string;
      await repository.manager.transaction((outer) =>
        outer.transaction((manager) => service.succeed(other, { manager })),
      );
      for (const tag of ['by hand', 'nested']) expect(await tasks(tag)).toMatchObject([{ state: 'success' }]);
    });

    it('cannot commit for a task that was found not to have been accepted meanwhile', async () => {
      const { json } = await post('accepted', 'taken for dead');
      await service.reject(json.task as string, { code: 503, message: 'its process was taken for dead' });
      await expect(transfer('well', { uuid: json.task } as Task)).rejects.toMatchObject({
        code: 'TASK_MOVED_ON',
      });
      expect(await rows()).toBe(0);
    });

    it('tell the client to ask, when they were given up meanwhile', async () => {
      const answer = await post('transfer', 'given up', { how: 'given up' });
      expect([answer.status, answer.json.code]).toEqual([503, 'TASK_MOVED_ON']);
      expect(await tasks('given up')).toMatchObject([{ state: 'failure', duplicateKey: null }]);
      expect(await rows()).toBe(0);
    });
  });
});
