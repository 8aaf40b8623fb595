import { Inject, Optional } from '@nestjs/common';
import { TRACKED, type TrackedOptions } from '../tracked.options.js';
import type { TrackedJob } from './job.js';
import { TrackedJobs } from './tracked-jobs.js';

/** Where a processor has the service that tracks its jobs. */
const JOBS = Symbol('TasksModule');

type Process = (...given: unknown[]) => Promise<unknown>;

/**
 * Whether a method is the one that BullMQ's worker calls: `process` of a class that extends `WorkerHost`, which has its
 * worker.
 */
export function isProcessor(prototype: object, name: string | symbol | undefined): boolean {
  if (name !== 'process') return false;
  let at: object | null = prototype;
  while (at !== null && Object.getOwnPropertyDescriptor(at, 'worker')?.get === undefined)
    at = Object.getPrototypeOf(at) as object | null;
  return at !== null;
}

/** Tracks a processor. BullMQ's worker calls the method itself, past Nest's interceptors. */
export function trackProcess(
  prototype: object,
  descriptor: PropertyDescriptor,
  options: TrackedOptions<never, never>,
): void {
  const process = descriptor.value as Process;
  // The decorator may be there twice.
  if (Reflect.hasMetadata(TRACKED, process)) return Reflect.defineMetadata(TRACKED, options, process);
  const tracked = async function (this: { [JOBS]?: TrackedJobs }, ...given: unknown[]): Promise<unknown> {
    const jobs = this[JOBS];
    if (jobs === undefined) {
      throw new Error(
        `@Tracked() on ${this.constructor.name}.process() needs TasksModule: import it in the application's module.`,
      );
    }
    const its = Reflect.getMetadata(TRACKED, tracked) as TrackedOptions<unknown>;
    const [job, token] = given as [TrackedJob, string | undefined];
    return jobs.process(its, job, token, async () => process.apply(this, given));
  };
  // BullMQ looks at the number of parameters.
  for (const name of ['length', 'name']) {
    Object.defineProperty(tracked, name, { value: process[name as 'name'], configurable: true });
  }
  for (const key of Reflect.getMetadataKeys(process) as unknown[])
    Reflect.defineMetadata(key, Reflect.getMetadata(key, process), tracked);
  Reflect.defineMetadata(TRACKED, options, tracked);
  Inject(TrackedJobs)(prototype, JOBS);
  Optional()(prototype, JOBS);
  descriptor.value = tracked;
}
