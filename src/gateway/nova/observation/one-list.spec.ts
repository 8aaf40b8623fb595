import { NOW, ObserverAlone, task } from '../../../../test/support/openstack/observer-alone.js';
import type { ObservedTask } from '../../../compute/compute.service.js';
import type { NovaObserver } from './nova-observer.js';

describe('creates that have just ended', () => {
  let alone: ObserverAlone;
  beforeEach(() => (alone = new ObserverAlone()));

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
    const observations = await alone
      .of(nova([...servers(200), server(900, sibling)]))
      .observe(creates(0, 200));
    expect(observations.map(({ outcome }) => outcome.state)).toEqual(ALL_WELL);
    expect(observations[7]?.outcome).toMatchObject({ subjects: ['server-7', 'server-900'] });
    expect(alone.asked).toHaveLength(1);
  });

  it('are found by the list of those before them, if that is long, and younger than their answers', async () => {
    const looking = alone.of(nova(servers(600)));
    expect(await states(looking, creates(0, 200))).toEqual(ALL_WELL);
    expect(alone.asked).toHaveLength(2);
    alone.now += 100;
    expect(await states(looking, creates(200, 200))).toEqual(ALL_WELL);
    expect(alone.asked).toHaveLength(2);
    alone.now += 100;
    const later = { startTime: NOW - 100, lastUpdated: NOW + 50 };
    expect(await states(looking, creates(400, 200, later))).toEqual(ALL_WELL);
    expect(alone.asked).toHaveLength(4);
  });

  it('are looked for again in the list in which they were at work for a second a page, and then in a new one', async () => {
    const building = { status: 'BUILD', 'OS-EXT-STS:vm_state': 'building', 'OS-SRV-USG:launched_at': null };
    const all: object[] = servers(600).map((one) => ({ ...one, ...building }));
    const looking = alone.of((path) => nova(all)(path));
    const again = () => states(looking, creates(0, 200, { lookedAt: NOW }));
    expect(await states(looking, creates(0, 200))).toEqual(Array(200).fill('processing'));
    all.splice(0, 600, ...servers(600));
    alone.now += 1000;
    expect(await again()).toEqual(Array(200).fill('processing'));
    expect(alone.asked).toHaveLength(2);
    alone.now += 1000;
    expect(await again()).toEqual(ALL_WELL);
    expect(alone.asked).toHaveLength(4);
  });

  it('but lately are requested one by one, if they are few', async () => {
    const looking = alone.of(nova(servers(600)));
    await looking.observe(creates(0, 200));
    const later = { startTime: NOW - 100, lastUpdated: NOW + 50 };
    alone.now += 100;
    const some = [...creates(200, 198), ...creates(398, 2, later)];
    expect(await states(looking, some)).toEqual(ALL_WELL);
    expect(alone.asked.slice(2).map((path) => path.replace(/\?.*/, ''))).toEqual([
      '/v2.1/servers/server-398',
      '/v2.1/servers/server-399',
    ]);
  });
});
