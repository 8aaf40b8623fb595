import { Logger } from '@nestjs/common';
import type { ObservedTask } from '../../../compute/compute.service.js';
import { Settings } from '../../../config/settings.js';
import type { NovaClock } from '../clock/nova-clock.js';
import type { Offset } from '../clock/offset.js';
import { NovaSlow, NovaUnavailable } from '../reader/nova-reader.errors.js';
import type { NovaReader } from '../reader/nova-reader.js';
import { NovaObserver } from './nova-observer.js';
import { ForeignServers } from './recovery/foreign-servers.js';
import type { RecordedTasks } from './recovery/recorded-tasks.js';
import { WHY_OPEN } from './why-open.js';

const NOW = 1_000_000;

function task(at: number, more: Partial<ObservedTask> = {}): ObservedTask {
  return {
    uuid: `task-${at}`,
    task: 'stop',
    state: 'processing',
    serverId: `server-${at}`,
    projectId: 'p',
    userId: 'u',
    isMarked: false,
    requestId: `req-${at}`,
    resource: null,
    startTime: NOW - 20_000,
    lastUpdated: NOW - 20_000,
    lookedAt: null,
    ...more,
  };
}

const LOST_CREATE: Partial<ObservedTask> = {
  task: 'create',
  state: 'unknown',
  serverId: null,
  requestId: null,
  startTime: NOW - 500_000,
};

describe('observing when Nova does not work', () => {
  let asked: string[];
  let now: number;
  let ahead: Offset | null;
  beforeEach(() => {
    asked = [];
    now = NOW;
    ahead = { earliest: -1000, latest: 1000 };
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  });
  afterEach(() => jest.restoreAllMocks());

  function observer(answer: (path: string) => { status: number; body?: unknown }): NovaObserver {
    const reader = {
      answeringSince: 0,
      lastKnownMicroversion: 93,
      maxMicroversion: () => Promise.resolve(93),
      get: (path: string) => {
        asked.push(path);
        return Promise.resolve().then(() => answer(path));
      },
    };
    const tasks = {
      undecided: () => Promise.resolve([]),
      serversOfTasks: () => Promise.resolve(new Set()),
      requestIdsOfTasks: () => Promise.resolve(new Set()),
    };
    return new NovaObserver(
      reader as unknown as NovaReader,
      { offset: null, known: () => Promise.resolve(ahead) } as unknown as NovaClock,
      tasks as unknown as RecordedTasks,
      new Settings(),
      new ForeignServers(),
      () => now,
    );
  }

  const unavailable = () => {
    throw new NovaUnavailable('no answer in 10000 ms');
  };

  it.each([4, 200])(
    '%d tasks are left for later after no more questions than go out at once',
    async (count) => {
      const tasks = Array.from({ length: count }, (_, at) => task(at));
      const observations = await observer(unavailable).observe(tasks);
      expect(observations).toHaveLength(count);
      for (const { outcome } of observations)
        expect(outcome).toEqual({ state: 'processing', lookAgainAt: NOW + 5000, why: WHY_OPEN.notAsked });
      expect(asked.length).toBeLessThanOrEqual(4);
    },
  );

  it('a task of which it is not known whether it was accepted stays so', async () => {
    const old = task(1, { state: 'unknown', startTime: 0 });
    const [observation] = await observer(unavailable).observe([old]);
    expect(observation?.outcome).toEqual({
      state: 'undetermined',
      lookAgainAt: NOW + 5000,
      why: WHY_OPEN.notAsked,
    });
  });

  it('an error about one server holds up no other one', async () => {
    const view = { id: 'server-2', status: 'SHUTOFF', 'OS-EXT-STS:vm_state': 'stopped' };
    const observations = await observer((path) => {
      if (path.includes('server-1')) return { status: 500 };
      if (!path.includes('os-instance-actions')) return { status: 200, body: { server: view } };
      const events = [{ event: 'compute_stop_instance', result: 'Success' }];
      return { status: 200, body: { instanceAction: { action: 'stop', request_id: 'req-2', events } } };
    }).observe([task(1), task(2)]);
    const outcomes = new Map(observations.map(({ uuid, outcome }) => [uuid, outcome]));
    expect(outcomes.get('task-1')).toEqual({
      state: 'processing',
      lookAgainAt: NOW + 5000,
      why: WHY_OPEN.errorAboutIt,
    });
    expect(outcomes.get('task-2')).toEqual({ state: 'success' });
  });

  it('nothing more is asked when the time for a look is over', async () => {
    const slow = observer(() => {
      now += 6000;
      return { status: 404 };
    });
    const tasks = Array.from({ length: 8 }, (_, at) => task(at));
    const observations = await slow.observe(tasks);
    expect(observations).toHaveLength(8);
    expect(asked.length).toBeLessThan(8);
    expect(observations.at(-1)?.outcome).toMatchObject({ state: 'processing' });
  });

  it('a cell that hangs holds up no server of another one', async () => {
    const view = { id: 'server-2', status: 'SHUTOFF', 'OS-EXT-STS:vm_state': 'stopped' };
    const tasks = Array.from({ length: 12 }, (_, at) => task(at));
    const observations = await observer((path) => {
      if (path.includes('/servers/detail') || /server-[0135]/.test(path)) throw new NovaSlow(path);
      if (!path.includes('os-instance-actions')) return { status: 200, body: { server: view } };
      const events = [{ event: 'compute_stop_instance', result: 'Success' }];
      return { status: 200, body: { instanceAction: { action: 'stop', request_id: 'req-2', events } } };
    }).observe(tasks);
    const ended = observations.filter(({ outcome }) => outcome.state === 'success');
    // Those numbered 2, 4 and 6 to 9.
    expect(ended).toHaveLength(6);
    const later = observations.filter(({ outcome }) => outcome.state === 'processing');
    for (const { outcome } of later) expect(outcome).toMatchObject({ lookAgainAt: NOW + 5000 });
  });

  it('a create is not called not accepted while a cell of Nova cannot be read', async () => {
    const lost = task(1, LOST_CREATE);
    const seen = (status: string) => (path: string) => ({
      status: 200,
      body: path.startsWith('/v2.1/os-services') ? { services: [{ status }] } : { servers: [] },
    });
    const [down] = await observer(seen('UNKNOWN')).observe([lost]);
    expect(down?.outcome.state).toBe('undetermined');
    const [up] = await observer(seen('enabled')).observe([lost]);
    expect(up?.outcome).toMatchObject({ state: 'rejected', fault: { code: 408 } });
  });

  it.each([
    ['open', 'while Nova may still make a server that no request is known of', 'BUILD', 'undetermined'],
    ['ambiguous', 'when such a server came to nothing', 'ERROR', 'failure'],
  ])('an unmarked create is %s %s', async (_, __, status, state) => {
    const server = { id: 'server-9', user_id: 'u', status, created: new Date(NOW - 500_000).toISOString() };
    const [found] = await observer((path) => ({
      status: 200,
      body: path.includes('/servers/detail') ? { servers: [server] } : { instanceActions: [], services: [] },
    })).observe([task(1, LOST_CREATE)]);
    expect(found?.outcome.state).toBe(state);
    if (state === 'failure') expect(found?.outcome).toMatchObject({ fault: { code: 409 } });
  });

  it('a create that Nova answered with an error is soon known not to be accepted', async () => {
    const answered = task(1, { ...LOST_CREATE, requestId: 'req-1', startTime: NOW - 40_000 });
    const nothing = observer(() => ({ status: 200, body: {} }));
    const outcome = async (lastUpdated: number) =>
      (await nothing.observe([{ ...answered, lastUpdated }]))[0]?.outcome.state;
    expect(await outcome(NOW - 29_000)).toBe('undetermined');
    expect(await outcome(NOW - 31_000)).toBe('rejected');
  });

  it('a server that this user may not see is not taken for one that is gone', async () => {
    const listed = { id: 'server-1' };
    const hidden = (path: string) =>
      path.includes('all_tenants') ? { status: 200, body: { servers: [listed] } } : { status: 404 };
    const [followed] = await observer(hidden).observe([task(1, { task: 'delete' })]);
    expect(followed?.outcome.state).toBe('processing');
    const [unknown] = await observer(hidden).observe([
      task(1, { state: 'unknown', requestId: null, startTime: 0 }),
    ]);
    expect(unknown?.outcome.state).toBe('undetermined');
  });

  it('a server that is at work is asked about once', async () => {
    const view = { id: 'server-1', status: 'ACTIVE', 'OS-EXT-STS:task_state': 'powering-off' };
    const [observation] = await observer(() => ({ status: 200, body: { server: view } })).observe([task(1)]);
    expect(observation?.outcome).toMatchObject({ state: 'processing', lookAgainAt: NOW + 5000 });
    expect(asked).toHaveLength(1);
  });

  it('one that was found to be accepted late is looked at again soon', async () => {
    const view = { id: 'server-1', status: 'ACTIVE', 'OS-EXT-STS:task_state': 'powering-off' };
    const found = { ...task(1, { startTime: NOW - 400_000 }), lastUpdated: NOW - 20 };
    const body = { server: view, instanceAction: { action: 'stop', request_id: 'req-1', events: [] } };
    const [observation] = await observer(() => ({ status: 200, body })).observe([found]);
    expect(observation?.outcome).toMatchObject({ state: 'processing', lookAgainAt: NOW + 1000 });
  });

  it('many servers that are at work are asked about by one list', async () => {
    const tasks = Array.from({ length: 200 }, (_, at) => task(at));
    const servers = tasks.map(({ serverId }) => ({
      id: serverId,
      status: 'ACTIVE',
      'OS-EXT-STS:task_state': 'powering-off',
    }));
    const observations = await observer(() => ({ status: 200, body: { servers } })).observe(tasks);
    expect(observations).toHaveLength(200);
    expect(asked).toEqual([expect.stringMatching(/^\/v2\.1\/servers\/detail\?.*changes-since=/)]);
  });

  describe('creates that have just ended', () => {
    const server = (n: number, more: object = {}) => ({
      id: `server-${n}`,
      status: 'ACTIVE',
      'OS-EXT-STS:vm_state': 'active',
      'OS-SRV-USG:launched_at': '2026-01-01T00:00:00',
      'OS-EXT-SRV-ATTR:reservation_id': `r-${n}`,
      ...more,
    });
    const servers = (count: number) => Array.from({ length: count }, (_, n) => server(n));
    const creates = (from: number, count: number, more: Partial<ObservedTask> = {}) =>
      Array.from({ length: count }, (_, n) =>
        task(from + n, { task: 'create', startTime: NOW - 900, lastUpdated: NOW - 800, ...more }),
      );
    /** Nova, with 500 servers on a page. */
    const nova = (all: object[]) => (path: string) => {
      const [, one] = /servers\/(server-\d+)/.exec(path) ?? [];
      if (one !== undefined) return { status: 200, body: { server: server(Number(one.slice(7))) } };
      const isSecond = path.includes('marker=');
      const links = isSecond || all.length <= 500 ? [] : [{ rel: 'next', href: 'x' }];
      return {
        status: 200,
        body: { servers: isSecond ? all.slice(500) : all.slice(0, 500), servers_links: links },
      };
    };
    const states = async (looking: NovaObserver, tasks: ObservedTask[]) =>
      (await looking.observe(tasks)).map(({ outcome }) => outcome.state);
    const ALL_WELL = Array<string>(200).fill('success');

    it('are found by one list, with all servers of each', async () => {
      const sibling = { 'OS-EXT-SRV-ATTR:reservation_id': 'r-7', 'OS-EXT-SRV-ATTR:launch_index': 1 };
      const observations = await observer(nova([...servers(200), server(900, sibling)])).observe(
        creates(0, 200),
      );
      expect(observations.map(({ outcome }) => outcome.state)).toEqual(ALL_WELL);
      expect(observations[7]?.outcome).toMatchObject({ subjects: ['server-7', 'server-900'] });
      expect(asked).toHaveLength(1);
    });

    it('are found by the list of those before them, if that is long, and younger than their answers', async () => {
      const looking = observer(nova(servers(600)));
      expect(await states(looking, creates(0, 200))).toEqual(ALL_WELL);
      expect(asked).toHaveLength(2);
      now += 100;
      expect(await states(looking, creates(200, 200))).toEqual(ALL_WELL);
      expect(asked).toHaveLength(2);
      now += 100;
      const later = { startTime: NOW - 100, lastUpdated: NOW + 50 };
      expect(await states(looking, creates(400, 200, later))).toEqual(ALL_WELL);
      expect(asked).toHaveLength(4);
    });

    it('are not looked for again in the list in which they were at work', async () => {
      const building = { status: 'BUILD', 'OS-EXT-STS:vm_state': 'building', 'OS-SRV-USG:launched_at': null };
      const all: object[] = servers(600).map((one) => ({ ...one, ...building }));
      const looking = observer((path) => nova(all)(path));
      expect(await states(looking, creates(0, 200))).toEqual(Array(200).fill('processing'));
      now += 1000;
      all.splice(0, 600, ...servers(600));
      expect(await states(looking, creates(0, 200, { lookedAt: NOW }))).toEqual(ALL_WELL);
      expect(asked).toHaveLength(4);
    });

    it('but lately are requested one by one, if they are few', async () => {
      const looking = observer(nova(servers(600)));
      await looking.observe(creates(0, 200));
      const later = { startTime: NOW - 100, lastUpdated: NOW + 50 };
      now += 100;
      const some = [...creates(200, 198), ...creates(398, 2, later)];
      expect(await states(looking, some)).toEqual(ALL_WELL);
      expect(asked.slice(2).map((path) => path.replace(/\?.*/, ''))).toEqual([
        '/v2.1/servers/server-398',
        '/v2.1/servers/server-399',
      ]);
    });
  });
});
