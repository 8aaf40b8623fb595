import { Inject, Injectable } from '@nestjs/common';
import { TaskRecorder } from '../recording/task.recorder.js';
import type { Task } from '../task.entity.js';
import { TaskNotFoundError, TaskNotUnknownError } from '../task.errors.js';
import type { Outcome } from '../task.states.js';
import { TaskLookUps } from '../task-look-ups.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { assertReason } from '../reason.js';

/** The word of a user who knows what became of an unknown task. */
export interface Resolution {
  /** Whether its request was accepted. If not, it may be sent again under the same tag. */
  accepted: boolean;
  /** How it ended; a request that was not accepted is a `failure`. */
  state: 'success' | 'failure';
  /** Who says so: a user's id, at most 64 characters. */
  by: string;
  /** Why, at most 255 characters. @default null */
  reason?: string | null;
}

/** The most characters of a user's id. */
const LONGEST_ID = 64;

/** Ends unknown tasks by the word of a user. */
@Injectable()
export class Resolutions {
  /** @internal */
  constructor(
    private readonly recorder: TaskRecorder,
    private readonly lookUps: TaskLookUps,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  /** See `TasksService.resolve`. */
  async resolve(uuid: string, resolution: Resolution): Promise<Task> {
    const outcome = outcomeOf(resolution);
    const { by, reason = null } = resolution;
    const resolved = { by, at: this.options.now(), reason };
    const isRecorded = await this.recorder.resolve(uuid, outcome, resolved);
    const task = await this.lookUps.newest(uuid);
    if (task === null) throw new TaskNotFoundError(uuid);
    if (!isRecorded) throw new TaskNotUnknownError(task);
    return task;
  }
}

/** @throws TypeError for an invalid resolution: a host need not be written with types */
function outcomeOf({ accepted, state, by, reason }: Resolution): Outcome {
  const must = (holds: boolean, what: string) => {
    if (!holds) throw new TypeError(`The task cannot be resolved: ${what}.`);
  };
  must(typeof accepted === 'boolean', 'accepted must be true or false');
  must(['success', 'failure'].includes(state), 'state must be "success" or "failure"');
  must(accepted || state === 'failure', 'a request that was not accepted is a "failure"');
  must(typeof by === 'string' && by.length <= LONGEST_ID, `by must have at most ${LONGEST_ID} characters`);
  assertReason(reason);
  if (!accepted) return { state: 'rejected', fault: { code: 503, message: NOT_ACCEPTED } };
  return state === 'success' ? { state } : { state, fault: { code: 500, message: FAILED } };
}

const NOT_ACCEPTED =
  'An administrator found out that this request was not accepted. It may be sent again under the same tag.';

const FAILED = 'An administrator found out that this request was accepted, and failed.';
