import type { Random } from '../random.js';
import type { Fault, Lane } from './fault.js';

/** One fault to come. */
export interface Planned {
  pauseMs: number;
  fault: Fault;
  target: number;
  forMs: number;
}

/** The faults of a lane for a time. The same choices make the same schedule. */
export function schedule({ pauses, faults }: Lane, seconds: number, random: Random): Planned[] {
  const planned: Planned[] = [];
  for (let ms = 0; ms < seconds * 1000;) {
    const pauseMs = random.between(...pauses);
    const fault = random.pick(faults);
    const forMs = random.between(...fault.lasts);
    planned.push({ pauseMs, fault, target: random.pick(fault.targets), forMs });
    ms += pauseMs + forMs;
  }
  return planned;
}
