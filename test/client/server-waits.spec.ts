import { aTask, found, json, RESET } from '../support/network/scripted-fetch.js';
import { ACCEPTED, create } from '../support/network/tagged-create.js';
import type { Task } from '../../src/client/task.js';

/** The answer of a server that has waited. */
function waited(seconds: number, ...tasks: Task[]): Response {
  const isOver = tasks.every(({ state }) => state === 'success');
  const headers = { 'preference-applied': `wait=${seconds}`, ...(!isOver && { 'retry-after': '1' }) };
  return json(200, { tasks, tasks_links: [] }, headers);
}

describe('the server is asked to wait for the task', () => {
  const open = (more: Partial<Task> = {}) => aTask({ state: 'processing', ...more });
  /** What each look-up preferred. */
  const preferred = ({ network }: Awaited<ReturnType<typeof create>>) =>
    network.made.slice(1).map(({ headers }) => headers.get('prefer'));

  it('once it is seen, without a pause, for less time than an answer may take', async () => {
    const run = await create([ACCEPTED(), found(open()), waited(24, aTask())], { wait: true });
    expect(run.result).toMatchObject({ outcome: 'answered', task: { state: 'success' } });
    expect(preferred(run)).toEqual([null, 'wait=24']);
    expect(run.tookMs).toBe(0);
  });

  it('again and again, with no pause longer than the server asks for', async () => {
    const waits = Array.from({ length: 9 }, () => waited(24, open()));
    const run = await create([ACCEPTED(), found(open()), ...waits, waited(24, aTask())], { wait: true });
    expect(preferred(run)).toEqual([null, ...Array.from({ length: 10 }, () => 'wait=24')]);
    expect(run.tookMs).toBe(9 * 1000);
  });

  it('at most a minute, and no longer than the caller waits', async () => {
    const patient = await create([ACCEPTED(), found(open()), waited(60, aTask())], {
      wait: true,
      timeoutMs: 600_000,
    });
    expect(preferred(patient)).toEqual([null, 'wait=60']);
    const script = [
      ACCEPTED(),
      found(open()),
      waited(8, open()),
      ...Array.from({ length: 20 }, () => waited(1, open())),
    ];
    const hasty = await create(script, { wait: { forMs: 8000 } });
    expect(preferred(hasty).slice(0, 3)).toEqual([null, 'wait=8', 'wait=7']);
    expect(hasty.tookMs).toBeLessThanOrEqual(8000);
  });

  it('no more, if it does not know how to: then it is asked now and then', async () => {
    const script = [ACCEPTED(), found(open()), found(open()), found(open()), found(open()), found(aTask())];
    const run = await create(script, { wait: true });
    expect(run.result).toMatchObject({ task: { state: 'success' } });
    expect(preferred(run)).toEqual([null, 'wait=24', null, null, null]);
    expect(run.tookMs).toBe(500 + 1000 + 2000);
  });

  it('no more, if that was lost before it ever worked: a browser may not let the header pass', async () => {
    const run = await create([ACCEPTED(), found(open()), RESET, found(open()), found(aTask())], {
      wait: true,
    });
    expect(preferred(run)).toEqual([null, 'wait=24', null, null]);
    const proven = [ACCEPTED(), found(open()), waited(24, open()), RESET, waited(24, aTask())];
    expect(preferred(await create(proven, { wait: true }))).toEqual([null, 'wait=24', 'wait=24', 'wait=24']);
  });

  it('not when another task of the tag is open, since it would wait for that too', async () => {
    const other = open({ uuid: 'other' });
    const tasks = [open(), other];
    const script = [ACCEPTED(), found(...tasks), found(...tasks), found(aTask(), other)];
    const run = await create(script, { wait: true });
    expect(preferred(run)).toEqual([null, null, null]);
  });

  it('not when an answer may take only a moment, and never to learn whether it was accepted', async () => {
    const short = [ACCEPTED(), found(open()), found(aTask())];
    expect(preferred(await create(short, { wait: true, timeoutMs: 1000 }))).toEqual([null, null]);
    const lost = [RESET, found(open({ state: 'pending' })), found(open({ state: 'unknown' })), found(open())];
    expect(preferred(await create(lost))).toEqual([null, null, null]);
  });
});
