import type { TasksOptions } from '../../tasks.options.js';
import type { Call } from '../calls/call.js';

/** A job of BullMQ, as the options of its processor get it: BullMQ's `Job`, or what of it is used here. */
export interface TrackedJob<Data = unknown> {
  id?: string;
  name: string;
  queueName: string;
  data: Data;
  /** When it was added, in epoch milliseconds. */
  timestamp: number;
  moveToDelayed(timestamp: number, token?: string): Promise<void>;
}

/**
 * A job to track. What it says is not compared, since it may change what it says while it runs. An id may be given to
 * another job later, which was added at another time.
 */
export function jobCall(job: TrackedJob, options: TasksOptions, hasOwnTag: boolean): Call {
  const { id, name, queueName, timestamp } = job;
  return {
    kind: 'JOB',
    place: [queueName, name],
    request: job,
    moduleRequest: job,
    options: options.jobs,
    usual: {
      tag: () => id ?? null,
      requester: () => options.requester(job),
      parameters: hasOwnTag ? undefined : { added: timestamp },
    },
  };
}
