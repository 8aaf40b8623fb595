import { Logger } from '@nestjs/common';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { jobs, jobsHosts, rows, send, SUCCESS, untilState } from '../support/library/jobs-hosts.js';
import { until } from '../support/until.js';

const { start, stop } = jobsHosts();

describe('a stop of the application', () => {
  it('does not wait for a handler that never ends; the next process finds out what became of it', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    const host = await start({ drainMs: 100 });
    const request = send(host, 'endless', 'endless').catch(() => undefined);
    await until('the request', async () => (await rows(host).countBy({ state: 'pending' })) === 1);
    const { uuid } = await rows(host).findOneByOrFail({ state: 'pending' });
    await stop(host);
    await request;
    expect(warn).toHaveBeenCalledWith(
      expect.stringMatching(new RegExp(`running after \\d+ ms: 1\\. .*${uuid}`)),
    );
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
    jobs.endEndless();
    expect((await request).status).toBe(201);
    await closed;
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
    let hasEnded = false;
    const closed = stop(host).then(() => (hasEnded = true));
    // Another one, which has nothing to wait for, starts and ends meanwhile.
    await stop(await start({}));
    expect(hasEnded).toBe(false);
    jobs.endEndless();
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
      await until('the first one', () => jobs.release.has('early'));
      const closed = stop(host);
      const late = post('late', { signal }).catch(() => undefined);
      await until('another one', () => jobs.release.has('late'));
      jobs.release.get('early')?.();
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
      jobs.release.get('late')?.();
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
      jobs.release.get('late')?.();
      await closed;
      await untilState(await start({}), 'late', 'success');
    });
  },
);
