import { Logger } from '@nestjs/common';
import { NOW, ObserverAlone, task } from '../../../../test/support/openstack/observer-alone.js';
import type { ObservedTask } from '../../../compute/compute.service.js';
import { NovaSlow, NovaUnavailable } from '../reader/nova-reader.errors.js';
import { WHY_OPEN } from './why-open.js';

const LOST_CREATE: Partial<ObservedTask> = {
  task: 'create',
  state: 'unknown',
  serverId: null,
  requestId: null,
  startTime: NOW - 500_000,
};

describe('observing when Nova does not work', () => {
  let alone: ObserverAlone;
  beforeEach(() => {
    alone = new ObserverAlone();
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  });
  afterEach(() => jest.restoreAllMocks());

  const unavailable = () => {
    throw new NovaUnavailable('no answer in 10000 ms');
  };

  it.each([4, 200])(
    '%d tasks are left for later after no more questions than go out at once',
    async (count) => {
      const tasks = Array.from({ length: count }, (_, at) => task(at));
      const observations = await alone.of(unavailable).observe(tasks);
      expect(observations).toHaveLength(count);
      for (const { outcome } of observations)
        expect(outcome).toEqual({ state: 'processing', lookAgainAt: NOW + 5000, why: WHY_OPEN.notAsked });
      expect(alone.asked.length).toBeLessThanOrEqual(4);
    },
  );

  it('a task of which it is not known whether it was accepted stays so', async () => {
    const old = task(1, { state: 'unknown', startTime: 0 });
    const [observation] = await alone.of(unavailable).observe([old]);
    expect(observation?.outcome).toEqual({
      state: 'undetermined',
      lookAgainAt: NOW + 5000,
      why: WHY_OPEN.notAsked,
    });
  });

  it('an error about one server holds up no other one', async () => {
    const view = { id: 'server-2', status: 'SHUTOFF', 'OS-EXT-STS:vm_state': 'stopped' };
    const observations = await alone
      .of((path) => {
        if (path.includes('server-1')) return { status: 500 };
        if (!path.includes('os-instance-actions')) return { status: 200, body: { server: view } };
        const events = [{ event: 'compute_stop_instance', result: 'Success' }];
        return { status: 200, body: { instanceAction: { action: 'stop', request_id: 'req-2', events } } };
      })
      .observe([task(1), task(2)]);
    const outcomes = new Map(observations.map(({ uuid, outcome }) => [uuid, outcome]));
    expect(outcomes.get('task-1')).toEqual({
      state: 'processing',
      lookAgainAt: NOW + 5000,
      why: WHY_OPEN.errorAboutIt,
    });
    expect(outcomes.get('task-2')).toEqual({ state: 'success' });
  });

  it('nothing more is asked when the time for a look is over', async () => {
    const slow = alone.of(() => {
      alone.now += 6000;
      return { status: 404 };
    });
    const tasks = Array.from({ length: 8 }, (_, at) => task(at));
    const observations = await slow.observe(tasks);
    expect(observations).toHaveLength(8);
    expect(alone.asked.length).toBeLessThan(8);
    expect(observations.at(-1)?.outcome).toMatchObject({ state: 'processing' });
  });

  it('a cell that hangs holds up no server of another one', async () => {
    const view = { id: 'server-2', status: 'SHUTOFF', 'OS-EXT-STS:vm_state': 'stopped' };
    const tasks = Array.from({ length: 12 }, (_, at) => task(at));
    const observations = await alone
      .of((path) => {
        if (path.includes('/servers/detail') || /server-[0135]/.test(path)) throw new NovaSlow(path);
        if (!path.includes('os-instance-actions')) return { status: 200, body: { server: view } };
        const events = [{ event: 'compute_stop_instance', result: 'Success' }];
        return { status: 200, body: { instanceAction: { action: 'stop', request_id: 'req-2', events } } };
      })
      .observe(tasks);
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
    const [down] = await alone.of(seen('UNKNOWN')).observe([lost]);
    expect(down?.outcome.state).toBe('undetermined');
    const [up] = await alone.of(seen('enabled')).observe([lost]);
    expect(up?.outcome).toMatchObject({ state: 'rejected', fault: { code: 408 } });
  });

  it.each([
    ['open', 'while Nova may still make a server that no request is known of', 'BUILD', 'undetermined'],
    ['ambiguous', 'when such a server came to nothing', 'ERROR', 'failure'],
  ])('an unmarked create is %s %s', async (_, __, status, state) => {
    const server = { id: 'server-9', user_id: 'u', status, created: new Date(NOW - 500_000).toISOString() };
    const [found] = await alone
      .of((path) => ({
        status: 200,
        body: path.includes('/servers/detail')
          ? { servers: [server] }
          : { instanceActions: [], services: [] },
      }))
      .observe([task(1, LOST_CREATE)]);
    expect(found?.outcome.state).toBe(state);
    if (state === 'failure') expect(found?.outcome).toMatchObject({ fault: { code: 409 } });
  });

  it('a create that Nova answered with an error is soon known not to be accepted', async () => {
    const answered = task(1, { ...LOST_CREATE, requestId: 'req-1', startTime: NOW - 40_000 });
    const nothing = alone.of(() => ({ status: 200, body: {} }));
    const outcome = async (lastUpdated: number) =>
      (await nothing.observe([{ ...answered, lastUpdated }]))[0]?.outcome.state;
    expect(await outcome(NOW - 29_000)).toBe('undetermined');
    expect(await outcome(NOW - 31_000)).toBe('rejected');
  });

  it('a server that this user may not see is not taken for one that is gone', async () => {
    const listed = { id: 'server-1' };
    const hidden = (path: string) =>
      path.includes('all_tenants') ? { status: 200, body: { servers: [listed] } } : { status: 404 };
    const [followed] = await alone.of(hidden).observe([task(1, { task: 'delete' })]);
    expect(followed?.outcome.state).toBe('processing');
    const [unknown] = await alone
      .of(hidden)
      .observe([task(1, { state: 'unknown', requestId: null, startTime: 0 })]);
    expect(unknown?.outcome.state).toBe('undetermined');
  });

  it('a server that is at work is asked about once', async () => {
    const view = { id: 'server-1', status: 'ACTIVE', 'OS-EXT-STS:task_state': 'powering-off' };
    const [observation] = await alone.of(() => ({ status: 200, body: { server: view } })).observe([task(1)]);
    expect(observation?.outcome).toMatchObject({ state: 'processing', lookAgainAt: NOW + 5000 });
    expect(alone.asked).toHaveLength(1);
  });

  it('one that was found to be accepted late is looked at again soon', async () => {
    const view = { id: 'server-1', status: 'ACTIVE', 'OS-EXT-STS:task_state': 'powering-off' };
    const found = { ...task(1, { startTime: NOW - 400_000 }), lastUpdated: NOW - 20 };
    const body = { server: view, instanceAction: { action: 'stop', request_id: 'req-1', events: [] } };
    const [observation] = await alone.of(() => ({ status: 200, body })).observe([found]);
    expect(observation?.outcome).toMatchObject({ state: 'processing', lookAgainAt: NOW + 1000 });
  });

  it('many servers that are at work are asked about by one list', async () => {
    const tasks = Array.from({ length: 200 }, (_, at) => task(at));
    const servers = tasks.map(({ serverId }) => ({
      id: serverId,
      status: 'ACTIVE',
      'OS-EXT-STS:task_state': 'powering-off',
    }));
    const observations = await alone.of(() => ({ status: 200, body: { servers } })).observe(tasks);
    expect(observations).toHaveLength(200);
    expect(alone.asked).toEqual([expect.stringMatching(/^\/v2\.1\/servers\/detail\?.*changes-since=/)]);
  });
});
