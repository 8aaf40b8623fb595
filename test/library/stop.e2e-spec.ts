import { Controller, Logger, Post, UseGuards } from '@nestjs/common';
import { mergeMap } from 'rxjs';
import { type Task, TasksService, Tracked } from '../../src/index.js';
import { TaskRecorder } from '../../src/tasks/recording/task.recorder.js';
import {
  HostGuard,
  type HostSettings,
  type LibraryHost,
  startHost,
} from '../support/library/library-host.js';
import { gate } from '../support/library/peers-host.js';
import { until } from '../support/until.js';

let { wait, open } = gate();

@Controller('jobs')
@UseGuards(HostGuard)
class JobsController {
  @Post()
  @Tracked({ task: () => 'job' })
  async work() {
    await wait;
    return {};
  }
}

/** As the guide says: with Nest's own options, whose requests keep their connections open. */
const nest = { return503OnClosing: true, forceCloseConnections: true };

describe.each<HostSettings>([{ platform: 'express' }, { platform: 'fastify' }])(
  'a host with %o that is told to stop',
  (settings) => {
    let host: LibraryHost;
    let closed: Promise<void>;
    const start = async (options: HostSettings['options'], prepare?: HostSettings['prepare']) => {
      const controllers = [JobsController];
      host = await startHost({ ...settings, nest, options, controllers, ...(prepare && { prepare }) });
    };
    beforeEach(() => {
      ({ wait, open } = gate());
    });
    afterEach(async () => {
      jest.restoreAllMocks();
      open();
      await closed;
      await host.close();
    });

    const send = (path: string, tag: string) =>
      host.client.post(path, { item: 'ink' }, { token: null, headers: { 'X-User': 'a/ann' }, tag });
    const tasks = async (tag: string): Promise<Task[]> =>
      (await host.app.get(TasksService, { strict: false }).list({ projectId: 'a', tag }, { limit: 10 }))
        .tasks;
    const untilBegun = (tag: string) =>
      until('the request', async () => {
        const [task] = await tasks(tag);
        return task;
      });

    it('answers what it has begun, and begins nothing more, however many go on sending', async () => {
      await start({});
      await Promise.all(Array.from({ length: 5 }, (_, n) => send('/orders', `before ${n}`)));
      const begun = send('/jobs', 'begun');
      await untilBegun('begun');
      closed = host.app.close();
      const refused = await until('a refusal', async () => {
        const tag = `late ${Math.random()}`;
        const answer = await send('/orders', tag);
        return answer.status === 503 && { answer, tag };
      });
      expect(refused.answer.headers['connection']).toBe('close');
      expect(await tasks(refused.tag)).toEqual([]);
      open();
      expect((await begun).status).toBe(201);
      await closed;
    });

    it('carries out what it is about to record', async () => {
      await start({});
      const recorder = host.app.get(TaskRecorder, { strict: false });
      const accept = recorder.record.bind(recorder);
      const slow = jest.spyOn(recorder, 'record').mockImplementation(async (request) => {
        await wait;
        return accept(request);
      });
      const recorded = send('/orders', 'recorded');
      await until('the request', () => slow.mock.calls.length === 1);
      closed = host.app.close();
      await until('the stop', async () => (await send('/jobs', `late ${Math.random()}`)).status === 503);
      open();
      expect((await recorded).status).toBe(201);
    });

    it('sends the answers of what it has done', async () => {
      const { wait: sending, open: goOut } = gate();
      await start({}, (app) => {
        app.useGlobalInterceptors({
          intercept: (_, next) =>
            next.handle().pipe(mergeMap((answer: unknown) => sending.then(() => answer))),
        });
      });
      const done = send('/orders', 'done');
      await until('the end on record', async () => (await tasks('done'))[0]?.state === 'success');
      closed = host.app.close();
      await until('the stop', async () => (await send('/orders', `late ${Math.random()}`)).status === 503);
      goOut();
      expect((await done).status).toBe(201);
    });

    it('ends when it has waited for `drainMs`, though a client waits for a handler that never ends', async () => {
      const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
      await start({ drainMs: 200 });
      const request = send('/jobs', 'endless').catch((error: Error) => error.message);
      const { uuid } = await untilBegun('endless');
      closed = host.app.close();
      await closed;
      expect(await request).toBe('socket hang up');
      expect(warn).toHaveBeenCalledWith(
        expect.stringMatching(new RegExp(`running after \\d+ ms: 1\\. .*${uuid}`)),
      );
    });
  },
);
