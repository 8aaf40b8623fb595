import { AsyncLocalStorage } from 'node:async_hooks';
import { until } from '../../../test/support/until.js';
import { Loop } from './loop.js';

describe('what is done again and again', () => {
  it('goes on after it failed, and says why once until it succeeds, also when the reasons alternate', async () => {
    const results = ['away', 'away', 'other', 'away', 'other', null, 'other', null];
    const errors: string[] = [];
    let finish: () => void = () => undefined;
    const isDone = new Promise<void>((resolve) => (finish = resolve));
    const step = () => {
      const result = results.shift();
      if (result === undefined) finish();
      return typeof result === 'string' ? Promise.reject(new Error(result)) : Promise.resolve(0);
    };
    const loop = new Loop({ step, pauseMs: 0, onError: (message) => errors.push(message) });
    loop.start();
    await isDone;
    await loop.stop();
    expect(errors).toEqual(['away', 'other', 'other']);
  });

  it('ends with the step that is under way, not with the pause after it', async () => {
    let steps = 0;
    const step = () => Promise.resolve((steps += 1) * 3_600_000);
    const loop = new Loop({ step, pauseMs: 0, onError: () => undefined });
    loop.start();
    await loop.stop();
    expect(steps).toBe(1);
  });

  it('may wait until it is woken, at once or later, and is woken also while it is at work', async () => {
    const context = new AsyncLocalStorage<string>();
    const steps: (string | undefined)[] = [];
    let wakesItself = true;
    const loop = new Loop({
      step: () => {
        steps.push(context.getStore());
        if (wakesItself) loop.wake();
        wakesItself = false;
        return Promise.resolve(Infinity);
      },
      pauseMs: 0,
      onError: () => undefined,
    });
    loop.start();
    await until('the second step', () => steps.length === 2);
    context.run('of a request', () => loop.wake());
    await until('the third step', () => steps.length === 3);
    loop.wake(3_600_000);
    loop.wake(1);
    await until('the fourth step', () => steps.length === 4);
    // The steps belong to nobody who has woken it.
    expect(steps).toEqual([undefined, undefined, undefined, undefined]);
    await loop.stop();
  });
});
