import { Logger } from '@nestjs/common';
import type { Task } from '../task.entity.js';
import type { TasksOptions } from '../tasks.options.js';
import { SettleObserver } from './settle.observer.js';

const NOW = 1_000_000;
const task = (state: Task['state'], lastUpdated = NOW): Task => ({ uuid: 'a', state, lastUpdated }) as Task;

describe('the host as the observer of its tasks', () => {
  let warned: string[];
  beforeEach(() => {
    warned = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((text) => void warned.push(String(text)));
  });
  afterEach(() => jest.restoreAllMocks());

  function ask(
    settle: (...asked: Parameters<NonNullable<TasksOptions['settle']>>) => unknown,
    of = task('unknown'),
    { limitMs, signal = new AbortController().signal }: { limitMs?: number; signal?: AbortSignal } = {},
  ) {
    const observer = new SettleObserver(
      { now: () => NOW, settle: settle as NonNullable<TasksOptions['settle']> },
      limitMs,
    );
    return observer.observe([of], signal);
  }

  const later = (ms: number) => [
    {
      uuid: 'a',
      outcome: { state: 'undetermined', lookAgainAt: NOW + ms, why: expect.any(String) as string },
    },
  ];

  it('knows of its own work that goes on as well as the answer did', async () => {
    const outcome = { state: 'success' };
    expect(await ask(() => outcome, task('processing'))).toEqual([{ uuid: 'a', outcome, witness: 'answer' }]);
    expect(await ask(() => Promise.resolve(outcome))).toEqual([
      { uuid: 'a', outcome, witness: 'observation' },
    ]);
  });

  it.each([
    [0, 1000],
    [5000, 5000],
    [3_600_000, 600_000],
  ])('is asked later the longer it does not know: after %d ms, in %d ms', async (age, pause) => {
    for (const nothing of [null, undefined, { state: 'unknown' }])
      expect(await ask(() => nothing, task('unknown', NOW - age))).toEqual(later(pause));
  });

  it.each([
    ['an error', new Error('thrown'), 'thrown'],
    ['a text', 'a text', 'a text'],
    ['nothing', undefined, 'undefined was thrown'],
    ['null', null, 'null was thrown'],
    ['an object', { code: 7 }, 'no message'],
  ])('may fail with %s: that is logged, and it is asked again', async (_, reason, trouble) => {
    const thrown = () => {
      throw reason; // eslint-disable-line @typescript-eslint/only-throw-error -- as hosts may
    };
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as hosts may
    for (const settle of [thrown, () => Promise.reject(reason)])
      expect(await ask(settle)).toEqual(later(1000));
    expect(warned).toEqual(Array(2).fill(expect.stringMatching(new RegExp(`${trouble}$`))));
  });

  it('that returns no valid outcome is asked again', async () => {
    expect(await ask(() => ({ state: 'done' }))).toEqual(later(1000));
    expect(warned).toEqual([expect.stringMatching(/its state must be one of/)]);
  });

  it('that does not answer in time is given up', async () => {
    let given: AbortSignal | undefined;
    const hang = (_: Task, signal: AbortSignal) => ((given = signal), new Promise(() => undefined));
    expect(await ask(hang, task('unknown'), { limitMs: 10 })).toEqual(later(1000));
    expect(warned).toEqual([expect.stringMatching(/no answer in 10 ms$/)]);
    expect(given?.aborted).toBe(true);
  });

  it('is asked no longer at a stop, and another process may ask at once', async () => {
    const stop = new AbortController();
    const asked = ask(() => new Promise(() => undefined), task('unknown'), { signal: stop.signal });
    stop.abort();
    expect(await asked).toEqual(later(0));
    expect(warned).toEqual([]);
  });
});
