import { Random } from '../random.js';
import type { Fault, Lane } from './fault.js';
import { schedule } from './schedule.js';

const nothing = () => undefined;

function fault(name: string): Fault {
  return { name, targets: [1, 2, 3], lasts: [500, 6_000], begin: nothing, end: nothing };
}

const LANE: Lane = { name: 'nodes', pauses: [1_000, 8_000], faults: [fault('kill'), fault('freeze')] };

function planned(seed: number, seconds = 900) {
  return schedule(LANE, seconds, Random.of(seed, LANE.name)).map(
    ({ pauseMs, fault: { name }, target, forMs }) => ({
      pauseMs,
      name,
      target,
      forMs,
    }),
  );
}

describe('the schedule of faults', () => {
  it('is the same one for the same seed, and another one for another seed', () => {
    expect(planned(4711)).toEqual(planned(4711));
    expect(planned(4711)).not.toEqual(planned(4712));
  });

  it('begins in the same way, however long the run is', () => {
    const short = planned(4711, 30);
    expect(planned(4711, 900).slice(0, short.length)).toEqual(short);
  });

  it('breaks everything in each way in a long run', () => {
    const kinds = new Set(planned(4711).map(({ name, target }) => `${name} ${target}`));
    expect(kinds.size).toBe(6);
  });

  it('keeps within the times of the lane and of its faults, and lasts as long as the run', () => {
    const plan = planned(4711);
    for (const { pauseMs, forMs } of plan) {
      expect(pauseMs).toBeGreaterThanOrEqual(1_000);
      expect(pauseMs).toBeLessThanOrEqual(8_000);
      expect(forMs).toBeGreaterThanOrEqual(500);
      expect(forMs).toBeLessThanOrEqual(6_000);
    }
    const total = plan.reduce((sum, { pauseMs, forMs }) => sum + pauseMs + forMs, 0);
    expect(total).toBeGreaterThanOrEqual(900_000);
  });
});
