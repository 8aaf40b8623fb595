import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { fetchWithTag, type FetchWithTagOptions, TaggedFetchError, tasks } from '../../src/client/index.js';
import { Tracked } from '../../src/index.js';
import {
  HostGuard,
  type HostRequest,
  type HostSettings,
  type LibraryHost,
  orders,
  startHost,
} from '../support/library/library-host.js';
import { type Fate, LossyProxy } from '../support/network/lossy-proxy.js';

/** What was carried out, by the two handlers below. */
const done: string[] = [];

@Controller()
@UseGuards(HostGuard)
class ReplayingController {
  @Post('replayed')
  @Tracked<{ number: number }, HostRequest>({ task: () => 'replayed', duplicates: 'replay' })
  replayed(@Body() { item }: { item: string }) {
    return { number: done.push(item) };
  }

  @Post('answered')
  @HttpCode(200)
  @Tracked<{ number: number }, HostRequest>({
    task: () => 'answered',
    duplicates: 'answer',
    outcome: ({ number }) => ({ state: 'success', resource: { number: String(number) } }),
    answerAgain: ({ resource }) => ({ number: Number(resource?.['number']) }),
  })
  answered(@Body() { item }: { item: string }) {
    return { number: done.push(item) };
  }
}

describe.each<HostSettings>([{ platform: 'express' }, { platform: 'fastify' }])(
  'a plain fetch with tags, and a library host with %o',
  (settings) => {
    let host: LibraryHost;
    let network: LossyProxy;
    let fates: Fate[] = [];
    beforeAll(async () => {
      const controller = { path: 'tasks', decorators: [UseGuards(HostGuard)] };
      host = await startHost({ ...settings, controller, controllers: [ReplayingController] });
      network = await LossyProxy.to(host.client.url, () => fates.shift() ?? 'pass');
    });
    afterAll(async () => {
      await network.close();
      await host.close();
    });
    beforeEach(() => {
      for (const list of [done, orders, fates]) list.splice(0);
    });

    const send = (path: string, tag: string, options: Partial<FetchWithTagOptions> = {}) =>
      fetchWithTag(fetch, {
        lookup: tasks({ url: `${network.url}/tasks` }),
        timeoutMs: 20_000,
        backOff: { firstMs: 5, mostMs: 50 },
        ...options,
      })(`${network.url}${path}`, {
        method: 'POST',
        headers: { 'X-User': 'a/ann', 'Content-Type': 'application/json', 'Task-tag': tag },
        body: JSON.stringify({ item: tag }),
      });

    it.each<[string, Fate[]]>([
      ['nothing gets lost', []],
      ['the request gets lost', ['cut before']],
      ['the answer gets lost', ['cut after']],
      ['the answer breaks off', ['break off']],
      ['the answer gets lost, and then again', ['cut after', 'pass', 'cut after', 'break off']],
      ['a load balancer answers 504', ['504 after']],
    ])('gives the answer, and one thing is done, when %s', async (what, fate) => {
      for (const [path, status] of [
        ['/replayed', 201],
        ['/answered', 200],
      ] as const) {
        fates = [...fate];
        const response = await send(path, `${path} ${what}`);
        expect(response.status).toBe(status);
        expect(await response.json()).toEqual({ number: done.length });
        expect(done.filter((item) => item === `${path} ${what}`)).toHaveLength(1);
      }
    });

    it('throws, with the task, when the host only refuses', async () => {
      fates = ['cut after'];
      const error = (await send('/orders', 'only refused').catch(
        (thrown: unknown) => thrown,
      )) as TaggedFetchError;
      expect(error).toBeInstanceOf(TaggedFetchError);
      expect(error.result).toMatchObject({
        outcome: 'accepted',
        tag: 'only refused',
        task: { state: 'success' },
      });
      expect(orders).toHaveLength(1);
    });
  },
);
