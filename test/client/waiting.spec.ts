import { aTask, found, json, RESET } from '../support/network/scripted-fetch.js';
import { ACCEPTED, create } from '../support/network/tagged-create.js';
import { VirtualClock } from '../support/virtual-clock.js';

describe('it waits', () => {
  it('between tries at random, up to a time that doubles, up to a most', async () => {
    const losses = Array.from({ length: 7 }, () => RESET);
    const { tookMs } = await create([RESET, ...losses, found(aTask())], {
      backOff: { firstMs: 100, mostMs: 1000 },
    });
    expect(tookMs).toBe(100 + 200 + 400 + 800 + 1000 + 1000 + 1000);
    const half = new VirtualClock(() => 0.5);
    const start = half.now();
    await create(
      [RESET, ...losses, found(aTask())],
      {},
      { clock: half, backOff: { firstMs: 100, mostMs: 1000 } },
    );
    expect(half.now() - start).toBe((100 + 200 + 400 + 800 + 1000 + 1000 + 1000) / 2);
  });

  it('as long as Retry-After asks for, in seconds or until a time', async () => {
    const busy = (value: string) => json(503, {}, { 'retry-after': value });
    expect((await create([busy('7'), found(), ACCEPTED()])).tookMs).toBe(7000);
    expect((await create([busy('Sat, 31 Jan 2026 12:00:09 GMT'), found(), ACCEPTED()])).tookMs).toBe(9000);
    expect((await create([RESET, busy('5'), found(aTask())])).tookMs).toBe(5000);
  });

  it('for no Retry-After beyond the deadline: it was not accepted, and it says so at once', async () => {
    const { result, tookMs } = await create([json(503, {}, { 'retry-after': '3600' }), found()]);
    expect([result, tookMs]).toMatchObject([{ outcome: 'notAccepted' }, 0]);
  });
});

describe('with wait', () => {
  const open = () => found(aTask({ state: 'processing' }));

  it('an answered request is followed to its end', async () => {
    const { result } = await create([ACCEPTED(), open(), RESET, open(), found(aTask())], { wait: true });
    expect(result).toMatchObject({ outcome: 'answered', task: aTask() });
  });

  it('one whose answer was lost is, too, also to a bad end', async () => {
    const failed = aTask({
      state: 'failure',
      accepted: true,
      fault: { code: 500, message: 'No valid host.' },
    });
    const { result } = await create([RESET, open(), open(), found(failed)], { wait: true });
    expect(result).toMatchObject({ outcome: 'accepted', task: failed });
  });

  it('it keeps to the task that it has seen, whatever else comes under the tag', async () => {
    const newer = aTask({ uuid: 'newer' });
    const { result } = await create(
      [RESET, open(), found(newer, aTask({ state: 'failure', accepted: true }))],
      {
        wait: true,
      },
    );
    expect(result).toMatchObject({ outcome: 'accepted', task: { uuid: aTask().uuid, state: 'failure' } });
  });

  it('for a time, the task is shown as it was then', async () => {
    const script = [ACCEPTED(), ...Array.from({ length: 20 }, () => open)];
    const { result, tookMs } = await create(script, { wait: { forMs: 8000 } });
    expect(result).toMatchObject({ outcome: 'answered', task: { state: 'processing' } });
    expect(tookMs).toBeLessThanOrEqual(8000);
  });

  it('a request that is no task is not waited for', async () => {
    const { result } = await create([ACCEPTED(), found()], { wait: true });
    expect(result).not.toHaveProperty('task');
  });

  it('one that was answered 500 may be under way all the same: its task is shown', async () => {
    const late = await create([json(500, {}), found(aTask({ state: 'unknown' })), found(aTask())], {
      wait: true,
    });
    expect(late.result).toMatchObject({ outcome: 'answered', response: { status: 500 }, task: aTask() });
    const untracked = await create([json(500, {}), found()], { wait: true });
    expect(untracked.result).toMatchObject({ outcome: 'answered', response: { status: 500 }, sent: 1 });
    expect(untracked.result).not.toHaveProperty('task');
  });

  it('one of which nobody will ever know more is not waited for for ever', async () => {
    const unknown = () => found(aTask({ state: 'unknown' }));
    const script = [ACCEPTED(), ...Array.from({ length: 100 }, () => unknown)];
    const { result, tookMs } = await create(script, { wait: true });
    expect(result).toMatchObject({ outcome: 'answered', task: { state: 'unknown' } });
    expect(tookMs).toBeLessThanOrEqual(60_000);
  });

  it('a rejection is not followed', async () => {
    expect((await create([json(400, {})], { wait: true })).network.methods).toEqual(['POST']);
  });
});
