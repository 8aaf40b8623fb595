import { Controller, InternalServerErrorException, Post, UseGuards } from '@nestjs/common';
import { tagged, type TaggedInit, type TaggedResult, tasks } from '../../src/client/index.js';
import {
  HostGuard,
  type HostSettings,
  type LibraryHost,
  orders,
  startHost,
} from '../support/library/library-host.js';
import { type Fate, LossyProxy } from '../support/network/lossy-proxy.js';
import { fatesBySeed } from '../support/random-fates.js';
import { trials } from '../support/trials.js';

/** Requests in a bad network, for each platform and each database, and how many at once. */
const RUNS = trials(600);
const AT_ONCE = 16;
const SEED = 4712;

const QUICK = { timeoutMs: 20_000, backOff: { firstMs: 5, mostMs: 50 }, maxSends: 30, unknownMs: 100 };

/** What a route that nobody tracks has done. */
let untracked = 0;

@Controller('untracked')
class UntrackedController {
  @Post()
  fail() {
    untracked += 1;
    throw new InternalServerErrorException();
  }
}

describe.each<HostSettings>([{ platform: 'express' }, { platform: 'fastify', rawBody: true }])(
  'the client kit and a library host with %o',
  (settings) => {
    let host: LibraryHost;
    let network: LossyProxy;
    /** What happens to one request after the other; then all pass. */
    let fates: Fate[] = [];
    beforeAll(async () => {
      const controller = { path: 'tasks', decorators: [UseGuards(HostGuard)] };
      host = await startHost({ ...settings, controller, controllers: [UntrackedController] });
      network = await LossyProxy.to(host.client.url, () => fates.shift() ?? 'pass');
    });
    afterAll(async () => {
      await network.close();
      await host.close();
    });
    beforeEach(() => {
      fates = [];
      orders.splice(0);
    });

    const order = (body: object, init: TaggedInit, path = '/orders', { url } = network) =>
      tagged(fetch, { lookup: tasks({ url: `${url}/tasks` }), ...QUICK })(`${url}${path}`, {
        method: 'POST',
        headers: { 'X-User': 'a/ann', 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        ...init,
      });

    it.each<[string, Fate[], string, number]>([
      ['nothing gets lost', [], 'answered', 1],
      ['the request gets lost', ['cut before'], 'answered', 2],
      ['the answer gets lost', ['cut after'], 'accepted', 1],
      ['the answer breaks off', ['break off'], 'accepted', 1],
      ['it comes twice', ['twice'], '', 1],
      ['a load balancer answers 503', ['503 before'], 'answered', 2],
      ['a load balancer answers 504', ['504 after'], 'accepted', 1],
      ['the look-ups get lost, too', ['cut after', 'cut before', '503 before'], 'accepted', 1],
    ])('make one order when %s', async (tag, fate, outcome, sent) => {
      fates = fate;
      const result = await order({ item: tag }, { tag });
      expect(result.outcome).toMatch(outcome);
      expect(result).toMatchObject({ tag, sent });
      expect(orders).toHaveLength(1);
      if (result.outcome === 'accepted') {
        expect(result.task).toMatchObject({ task: 'order', resource: { order: '1' }, tag });
      }
    });

    it('take an error of the application for the answer that it is, and send nothing again', async () => {
      untracked = 0;
      expect(await order({}, { tag: 'untracked' }, '/untracked')).toMatchObject({
        outcome: 'answered',
        sent: 1,
        response: { status: 500 },
      });
      expect(untracked).toBe(1);
    });

    it('say so when the host itself does not know, and go no further', async () => {
      const broken = { item: 'x', fail: 'broken' };
      expect(await order(broken, { tag: 'broken' })).toMatchObject({
        outcome: 'answered',
        sent: 1,
        response: { status: 500 },
      });
      fates = ['cut after'];
      expect(await order(broken, { tag: 'broken and lost' })).toMatchObject({
        outcome: 'unknown',
        sent: 1,
        task: { state: 'unknown' },
      });
      // Whoever asks again is told the same.
      expect(await order(broken, { tag: 'broken' })).toMatchObject({
        outcome: 'unknown',
        task: { state: 'unknown' },
      });
      expect(orders).toHaveLength(2);
    });

    it(`do each of ${RUNS} things once in a network that cuts, delays and doubles at random`, async () => {
      const bad = await LossyProxy.to(host.client.url, fatesBySeed(SEED));
      const results: TaggedResult[] = [];
      let next = 0;
      const worker = async () => {
        for (let n = next++; n < RUNS; n = next++) {
          // Two tenants, with the same tags and the same orders.
          const headers = { 'X-User': `${tenantOf(n)}/ann`, 'Content-Type': 'application/json' };
          const body = { item: itemOf(n), ...(failOf(n) !== undefined && { fail: failOf(n) }) };
          results[n] = await order(body, { tag: itemOf(n), headers }, '/orders', bad);
          await bad.deliverLate(20);
        }
      };
      try {
        await Promise.all(Array.from({ length: AT_ONCE }, worker));
        await bad.deliverLate();
      } finally {
        await bad.close();
      }

      const done = new Map<string, number>();
      for (const { tenant, item } of orders) {
        done.set(`${tenant} ${item}`, (done.get(`${tenant} ${item}`) ?? 0) + 1);
      }
      results.forEach((result, n) => {
        const fail = failOf(n);
        const times = done.get(`${tenantOf(n)} ${itemOf(n)}`) ?? 0;
        const status = result.outcome === 'answered' ? result.response.status : null;
        const told = { n, fail, times, outcome: result.outcome, status };
        const [outcomes, answer, wanted] = WANTED[fail ?? 'none'];
        expect(told).toEqual({ ...told, times: wanted, status: status === null ? null : answer });
        expect(outcomes).toContain(result.outcome);
      });
      // And the network was as bad as it was meant to be.
      expect(bad.arrived.sends).toBeGreaterThan(RUNS * 1.2);
      expect(new Set(results.map(({ outcome }) => outcome)).size).toBe(4);
    }, 240_000);
  },
);

/** By what a handler does: what the client may be told, the status of an answer, and how often it is done. */
const WANTED: Record<'none' | 'rejected' | 'broken', [TaggedResult['outcome'][], number, number]> = {
  none: [['answered', 'accepted'], 201, 1],
  rejected: [['answered', 'notAccepted'], 409, 0],
  broken: [['answered', 'unknown'], 500, 1],
};

function failOf(n: number): 'rejected' | 'broken' | undefined {
  return n % 10 === 0 ? 'rejected' : n % 10 === 1 ? 'broken' : undefined;
}

function tenantOf(n: number): string {
  return n % 4 < 2 ? 'a' : 'b';
}

/** The next but one has the same. */
function itemOf(n: number): string {
  return `run ${Math.floor(n / 4)}.${n % 2}`;
}
