import { aTask, found, json, type Reaction, RESET } from '../support/network/scripted-fetch.js';
import { ACCEPTED, create } from '../support/network/tagged-create.js';
import { LookUpError } from '../../src/client/index.js';

describe('when a look-up is lost', () => {
  const LOST: [string, () => Reaction][] = [
    ['breaks off', () => RESET],
    ['is not answered', () => 'nothing'],
    ...[408, 429, 500, 502, 503, 504].map((status): [string, () => Reaction] => [
      `is answered ${status}`,
      () => json(status, { tasks: [] }),
    ]),
    ['is answered by a page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['is answered with something else', () => json(200, { servers: [] })],
  ];

  it.each(LOST)('because it %s, it is made again before anything is sent', async (_, loss) => {
    const { result, network } = await create([RESET, loss(), loss(), found(), ACCEPTED()]);
    expect(result).toMatchObject({ outcome: 'answered', sent: 2 });
    expect(network.methods).toEqual(['POST', 'GET', 'GET', 'GET', 'POST']);
  });

  it('until the deadline, the result is that it is not known, and nothing was sent again', async () => {
    const { result, network, tookMs } = await create([RESET, ...Array.from({ length: 50 }, () => RESET)], {
      deadlineMs: 60_000,
    });
    expect(result).toMatchObject({ outcome: 'unknown', tag: 'order 4711', sent: 1, cause: RESET });
    expect(network.methods.filter((method) => method === 'POST')).toHaveLength(1);
    expect(network.methods.length).toBeGreaterThan(5);
    expect(tookMs).toBeLessThanOrEqual(60_000);
  });

  it('or undecided until the deadline, the task that is on record is shown', async () => {
    const open = aTask({ state: 'unknown' });
    const script = [RESET, ...Array.from({ length: 50 }, () => () => found(open))];
    expect((await create(script, { deadlineMs: 60_000 })).result).toMatchObject({
      outcome: 'unknown',
      task: open,
    });
  });

  it.each([
    ['a minute', undefined, 60_000],
    ['as long as is said', 5000, 5000],
    ['no time', 0, 0],
  ])(
    'or the server itself does not know more of it for %s, that is the result',
    async (_, unknownMs, most) => {
      const open = aTask({ state: 'unknown' });
      const script = [RESET, ...Array.from({ length: 100 }, () => () => found(open))];
      const { result, network, tookMs } = await create(script, { unknownMs });
      expect(result).toMatchObject({ outcome: 'unknown', sent: 1, task: open });
      expect(tookMs).toBeLessThanOrEqual(most);
      expect(tookMs).toBeGreaterThanOrEqual(most * 0.7);
      expect(network.methods.filter((method) => method === 'POST')).toHaveLength(1);
    },
  );

  it('but a task that is merely under way is waited for until the deadline', async () => {
    const pending = () => found(aTask({ state: 'pending' }));
    const script = [RESET, ...Array.from({ length: 100 }, () => pending)];
    const { tookMs } = await create(script, { unknownMs: 0, deadlineMs: 200_000 });
    expect(tookMs).toBeGreaterThan(150_000);
  });

  // A Nova without tasks answers 404: to take that for "not accepted" would make two servers.
  it.each([400, 401, 403, 404, 405])('for good, with %i, it does not go on asking', async (status) => {
    const { result, network } = await create([RESET, json(status, {})]);
    expect(result).toMatchObject({ outcome: 'unknown', sent: 1, cause: { response: { status } } });
    expect((result as { cause: unknown }).cause).toBeInstanceOf(LookUpError);
    expect(network.methods).toEqual(['POST', 'GET']);
  });

  it('and no time was left before it, it is made once all the same', async () => {
    const { result } = await create(['nothing', found(aTask())], { timeoutMs: 10_000, deadlineMs: 5000 });
    expect(result).toMatchObject({ outcome: 'accepted', sent: 1 });
  });
});
