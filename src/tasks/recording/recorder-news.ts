import { Subject } from 'rxjs';
import type { Task } from '../task.entity.js';
import type { Refusal } from '../task.errors.js';
import type { Settled } from './outcome-writes.js';

/** The news of a recorder: what metrics, events and waiting clients hear of. Subscribers must not throw. */
export class RecorderNews {
  /** Requests that this process refused, as it refuses them. */
  readonly refused = new Subject<Refusal>();

  /** The first tasks of requests that got their answers, as this process gives them. */
  readonly answered = new Subject<Task>();

  /** Requests without a tag that this process let go on without a record. */
  readonly unrecorded = new Subject<void>();

  /** Requests that this process did not record because too many were waiting. */
  readonly busy = new Subject<void>();

  /** Tasks that this process recorded, once they are committed. */
  readonly recorded = new Subject<Task>();

  /** New outcomes that this process recorded, once they are committed. */
  readonly settled = new Subject<Settled>();
}
