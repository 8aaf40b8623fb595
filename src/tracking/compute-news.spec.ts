import { Subject } from 'rxjs';
import type { ComputeService, Observation } from '../compute/compute.service.js';
import type { FollowedTasks } from '../tasks/following/followed-tasks.js';
import type { Task } from '../tasks/task.entity.js';
import type { Outcome } from '../tasks/task.states.js';
import { ComputeNews } from './compute-news.js';

function task(uuid: string, state: Task['state'] = 'processing'): Task {
  return { uuid, state, task: 'stop', requestId: 'req-1', resource: null } as Task;
}

describe('news that there is something to see', () => {
  let news: Subject<Observation>;
  let open: Map<string, Task>;
  let observed: string[][];
  let settled: Map<string, Outcome>;
  let lookedAgain: string[];
  let answer: (uuid: string) => Observation['outcome'];
  let heard: ComputeNews;

  beforeEach(() => {
    jest.useFakeTimers();
    news = new Subject();
    open = new Map();
    observed = [];
    settled = new Map();
    lookedAgain = [];
    answer = () => ({ state: 'success' });
    const tasks = {
      open: (uuids: string[]) =>
        Promise.resolve([...open.values()].filter(({ uuid }) => uuids.includes(uuid))),
      recordOutcome: (uuid: string, outcome: Outcome) => Promise.resolve(settled.set(uuid, outcome).size > 0),
      lookAgain: (uuid: string) => Promise.resolve(lookedAgain.push(uuid)),
      isNews: () => Promise.resolve(false),
      record: ({ uuid, outcome }: { uuid: string; outcome: Outcome }) =>
        Promise.resolve(void settled.set(uuid, outcome)),
    };
    const compute = {
      news,
      observe: (batch: Task[]) => {
        const uuids = batch.map(({ uuid }) => uuid);
        observed.push(uuids);
        return Promise.resolve(uuids.map((uuid) => ({ uuid, outcome: answer(uuid) })));
      },
    };
    heard = new ComputeNews(tasks as unknown as FollowedTasks, compute as unknown as ComputeService);
  });
  afterEach(async () => {
    const stopped = heard.beforeApplicationShutdown();
    await jest.advanceTimersByTimeAsync(1000);
    await stopped;
    jest.useRealTimers();
  });

  const tell = (uuid: string) =>
    news.next({ uuid, outcome: { state: 'undetermined', lookAgainAt: Date.now() } });

  it('is looked at at once', async () => {
    heard.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(0);
    open.set('a', task('a')).set('b', task('b'));
    tell('a');
    tell('b');
    await jest.advanceTimersByTimeAsync(0);
    expect(observed).toEqual([['a', 'b']]);
    expect([...settled]).toEqual([
      ['a', { state: 'success' }],
      ['b', { state: 'success' }],
    ]);
  });

  it('is looked at again soon when Nova has not written down the end yet', async () => {
    heard.onApplicationBootstrap();
    open.set('a', task('a'));
    answer = () => ({ state: 'processing', lookAgainAt: Date.now() + 60_000 });
    tell('a');
    await jest.advanceTimersByTimeAsync(100);
    expect(settled.size).toBe(0);
    answer = () => ({ state: 'success' });
    await jest.advanceTimersByTimeAsync(100);
    expect(settled.get('a')).toEqual({ state: 'success' });
    // The sweeps' time is left as it is.
    expect(lookedAgain).toEqual([]);
  });

  it('of a task that has ended, or whose request is under way, asks nothing', async () => {
    heard.onApplicationBootstrap();
    open.set('b', task('b', 'pending'));
    tell('a');
    tell('b');
    await jest.advanceTimersByTimeAsync(50);
    expect(observed).toEqual([]);
    open.set('b', task('b'));
    await jest.advanceTimersByTimeAsync(150);
    expect(observed).toEqual([['b']]);
  });

  it('that contains the end itself is recorded without a look', async () => {
    heard.onApplicationBootstrap();
    news.next({ uuid: 'a', outcome: { state: 'failure', fault: { code: 500, message: 'It broke.' } } });
    await jest.advanceTimersByTimeAsync(0);
    expect(settled.get('a')).toMatchObject({ state: 'failure' });
    expect(observed).toEqual([]);
  });
});
