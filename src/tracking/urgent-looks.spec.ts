import { UrgentLooks } from './urgent-looks.js';

describe('looks at tasks with news', () => {
  let looks: string[][];
  let ended: Set<string>;
  let urgent: UrgentLooks;
  let errors: unknown[];
  beforeEach(() => {
    jest.useFakeTimers();
    looks = [];
    errors = [];
    ended = new Set();
    urgent = new UrgentLooks(
      (uuids) => {
        looks.push(uuids);
        return Promise.resolve(ended);
      },
      (error) => errors.push(error),
    );
    urgent.start();
  });
  afterEach(async () => {
    await urgent.stop();
    jest.useRealTimers();
  });

  async function pass(ms: number): Promise<void> {
    await jest.advanceTimersByTimeAsync(ms);
  }

  it('come at once, those that come together together', async () => {
    ended = new Set(['a', 'b']);
    urgent.ask('a');
    urgent.ask('b');
    urgent.ask('a');
    await pass(0);
    expect(looks).toEqual([['a', 'b']]);
    await pass(60_000);
    expect(looks).toHaveLength(1);
  });

  it('come again a few times for a task that has not ended, and then leave it to the sweeps', async () => {
    urgent.ask('a');
    await pass(149);
    expect(looks).toHaveLength(1);
    await pass(1);
    expect(looks).toHaveLength(2);
    await pass(400);
    expect(looks).toHaveLength(3);
    await pass(1000);
    expect(looks).toHaveLength(4);
    await pass(600_000);
    expect(looks).toHaveLength(4);
  });

  it('go on after one that has failed', async () => {
    const failing = new UrgentLooks(
      (uuids) => (looks.push(uuids), Promise.reject(new Error('no database'))),
      (error) => errors.push(error),
    );
    failing.start();
    failing.ask('a');
    await pass(0);
    failing.ask('b');
    await pass(0);
    expect(looks).toEqual([['a'], ['b']]);
    expect(errors).toEqual(['no database']);
  });

  it('end when they are stopped', async () => {
    urgent.ask('a');
    await pass(0);
    await urgent.stop();
    urgent.ask('b');
    await pass(60_000);
    expect(looks).toEqual([['a']]);
  });
});
