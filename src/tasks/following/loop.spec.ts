import { Loop } from './loop.js';

describe('what is done again and again', () => {
  it('goes on after it failed, and says why once for as long as it is the same', async () => {
    const results = ['away', 'away', 'other', null, 'other', null];
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
});
