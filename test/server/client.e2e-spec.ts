import { CLOCK, type Clock } from '../../src/client/clock.js';
import {
  type Answered,
  openstack,
  tagged,
  type TaggedOptions,
  type TaggedResult,
} from '../../src/client/index.js';
import { type Fate, LossyProxy } from '../support/network/lossy-proxy.js';
import { fatesBySeed } from '../support/random-fates.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { countServers, newServer } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';
import { trials } from '../support/trials.js';

/** Runs in a bad network, for each database, and how many at once. */
const RUNS = trials(500);
const AT_ONCE = 16;
const SEED = 4711;

/** An answer may take any time, since a test machine may be busy; but nothing waits for long in between. */
const TIMEOUT_MS = 100_000;
const QUICK = { timeoutMs: TIMEOUT_MS, backOff: { firstMs: 5, mostMs: 50 }, maxSends: 30 };

describe('the client kit', () => {
  let test: TestApp;
  let proxy: LossyProxy | undefined;
  beforeAll(async () => {
    test = await startApp();
  });
  afterEach(async () => {
    await proxy?.close();
    proxy = undefined;
  });
  afterAll(() => test.close());

  /** Creates a server by way of a network that does to one request after the other what is said, and then passes. */
  async function create(
    project: string,
    fates: (Fate | (() => Promise<void>))[],
    more: { body?: object; options?: Partial<TaggedOptions> } = {},
  ): Promise<TaggedResult> {
    const before = async () => {
      for (let next = fates[0]; typeof next === 'function'; next = fates[0]) {
        fates.shift();
        await next();
      }
    };
    const network = await LossyProxy.to(test.client.url, () => (fates.shift() as Fate | undefined) ?? 'pass');
    await proxy?.close();
    proxy = network;
    const step = async (input: string, init: RequestInit) => {
      await before();
      return fetch(input, init);
    };
    // Time is over as soon as the network says that nothing will come.
    const sleep: Clock['sleep'] = (ms, signal) =>
      ms === TIMEOUT_MS ? network.whenSilent() : CLOCK.sleep(ms, signal);
    const lookup = openstack({ endpoint: `${network.url}/v3` });
    const send = tagged(step, { lookup, clock: { ...CLOCK, sleep }, ...QUICK, ...more.options });
    return send(`${network.url}/v3/servers`, {
      method: 'POST',
      headers: { 'X-Auth-Token': `alice:${project}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(newServer(more.body)),
      tag: project,
    });
  }
  const late = async () => proxy?.deliverLate();

  it.each<[string, Fate[], string, number]>([
    ['nothing gets lost', [], 'answered', 1],
    ['the request gets lost', ['cut before'], 'answered', 2],
    ['the answer gets lost', ['cut after'], 'accepted', 1],
    ['the answer breaks off', ['break off'], 'accepted', 1],
    ['nothing comes back', ['silence'], 'answered', 2],
    ['it comes twice, and the refusal comes back', ['twice'], '', 1],
    ['a load balancer answers 503', ['503 before'], 'answered', 2],
    ['a load balancer answers 504', ['504 after'], 'accepted', 1],
    ['the look-ups get lost, too', ['cut before', 'cut before', 'silence', '503 before'], 'answered', 2],
  ])('makes one server when %s', async (what, fates, outcome, sent) => {
    const project = what.replace(/\W+/g, '-');
    const result = await create(project, [...fates]);
    expect(result.outcome).toMatch(outcome);
    expect(result).toMatchObject({ tag: project, sent });
    expect(await countServers(test.client, { token: `alice:${project}` })).toBe(1);
  });

  it('makes one server when the first copy arrives after the second one', async () => {
    const result = await create('after', ['late']);
    expect(result).toMatchObject({ outcome: 'answered', sent: 2 });
    await late();
    expect(proxy?.arrived.sends).toBe(2);
    expect(await countServers(test.client, { token: 'alice:after' })).toBe(1);
  });

  it('makes one server when the first copy arrives between the look-up and the second one', async () => {
    // The look-up passes and says "not accepted"; then the first copy arrives.
    const result = await create('between', ['late', 'pass', late]);
    expect(result).toMatchObject({ outcome: 'accepted', sent: 2, response: { status: 409 } });
    expect(proxy?.arrived.sends).toBe(2);
    expect(await countServers(test.client, { token: 'alice:between' })).toBe(1);
  });

  it('brings the lost answer, when it is asked for: as the first one was', async () => {
    for (const fate of ['cut after', 'break off', '504 after'] as const) {
      const project = `again-${fate.replace(' ', '-')}`;
      const result = await create(project, [fate], { options: { answerAgain: true } });
      expect(result).toMatchObject({ outcome: 'answered', sent: 2, response: { status: 202 } });
      const { response } = result as Answered;
      expect(response.headers.get('task-replayed')).toBe('true');
      const { server } = (await response.json()) as { server: { id: string } };
      expect(response.headers.get('location')).toMatch(new RegExp(`/servers/${server.id}$`));
      expect(await countServers(test.client, { token: `alice:${project}` })).toBe(1);
    }
  });

  it('follows the server to its end', async () => {
    const result = await create('end', ['cut after', 'cut before'], { options: { wait: true } });
    expect(result).toMatchObject({ outcome: 'accepted', task: { state: 'success', accepted: true } });
    const metadata = { simulate: 'fail' };
    const bad = await create('bad-end', ['cut after'], { options: { wait: true }, body: { metadata } });
    expect(bad).toMatchObject({
      outcome: 'accepted',
      task: { state: 'failure', accepted: true, fault: { code: 500 } },
    });
  });

  it('tells a rejection, also when its answer was lost', async () => {
    const body = { flavorRef: '99' };
    expect(await create('rejected', [], { body })).toMatchObject({
      outcome: 'answered',
      response: { status: 400 },
    });
    expect(await create('rejected-lost', ['cut after'], { body })).toMatchObject({
      outcome: 'notAccepted',
      sent: 1,
      task: {
        state: 'failure',
        accepted: false,
        fault: { code: 400, message: 'Flavor 99 could not be found.' },
      },
    });
  });

  it('says that it does not know when nothing can be asked, and whoever sends it again with the tag learns it', async () => {
    const silent = Array<Fate>(200).fill('cut before');
    const options = { deadlineMs: 300 };
    const unknown = await create('unknown', ['cut after', ...silent], { options });
    expect(unknown).toMatchObject({ outcome: 'unknown', tag: 'unknown', sent: 1 });
    expect(await create('unknown', [])).toMatchObject({
      outcome: 'accepted',
      sent: 1,
      task: { tag: 'unknown' },
    });
    expect(await countServers(test.client, { token: 'alice:unknown' })).toBe(1);
  });

  it(`makes one server for each of ${RUNS} tags in a network that cuts, delays and doubles at random`, async () => {
    const network = await LossyProxy.to(test.client.url, fatesBySeed(SEED));
    proxy = network;
    const send = tagged(fetch, {
      lookup: openstack({ endpoint: `${network.url}/v2.1` }),
      ...QUICK,
      timeoutMs: 20_000,
    });
    const token = 'alice:chaos';
    const results: TaggedResult[] = [];
    let next = 0;
    const worker = async () => {
      for (let n = next++; n < RUNS; n = next++) {
        results[n] = await send(`${network.url}/v3/servers`, {
          method: 'POST',
          headers: { 'X-Auth-Token': token, 'Content-Type': 'application/json' },
          body: JSON.stringify(newServer({ name: `vm${n}` })),
          tag: `run ${n}`,
        });
        await network.deliverLate(20);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await network.deliverLate();

    // Each run is told the truth: there is its server.
    for (const result of results) {
      expect(result.outcome).toMatch(/^(answered|accepted)$/);
      if (result.outcome === 'answered') expect(result.response.status).toBe(202);
    }
    expect(new Set(results.map(({ outcome }) => outcome)).size).toBe(2);
    const { json } = await test.client.get('/v3/servers', { token });
    const names = json.servers.map(({ name }: { name: string }) => name);
    expect(names).toHaveLength(RUNS);
    expect(new Set(names).size).toBe(RUNS);
    expect(await tasksOf(test.client, { token })).toHaveLength(RUNS);
    // And the network was as bad as it was meant to be.
    expect(network.arrived.sends).toBeGreaterThan(RUNS * 1.2);
  }, 120_000);
});
