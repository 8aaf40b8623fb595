import { Inject, Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../../../errors/message-of.js';
import { laterAt } from '../../following/look-later.js';
import { DuplicateRequestError, isRefusal } from '../../task.errors.js';
import type { Task } from '../../task.entity.js';
import { TASKS_OPTIONS, type TasksOptions } from '../../tasks.options.js';
import { CallReader } from '../calls/call-reader.js';
import { setCurrentTask } from '../current-task.js';
import { retryAfterOf } from '../http/answer-head.js';
import { RequestsInFlight } from '../in-flight/requests-in-flight.js';
import type { TrackedOptions } from '../tracked.options.js';
import { TrackedWork } from '../tracked-work.js';
import { ValueCaller } from '../value-caller.js';
import { delayed, unrecoverable } from './job-errors.js';
import { jobCall, type TrackedJob } from './job.js';

/**
 * Tracks the jobs of BullMQ's processors. BullMQ runs a job again that has stalled, such as when its process was killed,
 * or has failed. Such a job ends as its task does: the work is not done twice, and the job is never said to be done, or
 * to have failed, while that is not known.
 */
@Injectable()
export class TrackedJobs {
  private readonly logger = new Logger('TasksModule');

  constructor(
    private readonly work: TrackedWork,
    private readonly reader: CallReader,
    private readonly inFlight: RequestsInFlight,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  /**
   * Processes a job.
   *
   * @param token BullMQ's, of the worker that has the job
   * @throws DelayedError or UnrecoverableError, as BullMQ understands them, for a job that is not carried out
   */
  async process(
    tracked: TrackedOptions<unknown>,
    job: TrackedJob,
    token: string | undefined,
    work: () => Promise<unknown>,
  ): Promise<unknown> {
    const hasOwnTag = (tracked.tag ?? this.options.jobs.tag) !== undefined;
    const call = jobCall(job, this.options, hasOwnTag);
    const caller = new JobCaller(this.work.services, job, (task) => setCurrentTask(job, task));
    const admitted = await this.work
      .admit(caller, tracked, () => this.reader.read(call, tracked))
      .catch((error: unknown) => this.endLikeFirst(error, job, token));
    switch (admitted.is) {
      case 'recorded':
        return this.work.carryOut({ task: admitted.task, tracked, request: job }, work);
      case 'unrecorded':
        return this.inFlight.untilSettled(null, work());
      default:
        return 'value' in admitted ? admitted.value : undefined;
    }
  }

  /** What becomes of a job that is not carried out. */
  private async endLikeFirst(
    error: unknown,
    job: TrackedJob,
    token: string | undefined,
  ): Promise<{ is: 'answered'; value: undefined }> {
    if (error instanceof DuplicateRequestError) {
      const { task } = error;
      switch (task.state) {
        case 'processing':
        case 'success':
          return { is: 'answered', value: undefined };
        case 'failure':
          throw unrecoverable(task.faultMessage ?? error.message, error);
        default:
          return this.delay(job, token, laterAt(task, this.options.now()), reasonOf(task), error);
      }
    }
    if (isRefusal(error)) throw unrecoverable(error.message, error);
    const seconds = retryAfterOf(error);
    if (seconds === undefined) throw error;
    return this.delay(job, token, this.options.now() + seconds * 1000, messageOf(error), error as Error);
  }

  /** Puts a job back until more may be known. This counts as no attempt. */
  private async delay(
    job: TrackedJob,
    token: string | undefined,
    until: number,
    reason: string,
    error: Error,
  ): Promise<never> {
    this.logger.warn(`Job ${job.id} of the queue "${job.queueName}" waits: ${reason}`);
    await job.moveToDelayed(Date.now() + until - this.options.now(), token);
    throw delayed(error);
  }
}

function reasonOf({ uuid, state }: Task): string {
  return `it has been begun before, and its task ${uuid} is ${state}`;
}

/** A worker has better to do than to wait: the job is put back instead. */
class JobCaller extends ValueCaller {
  override untilGone(): AbortSignal {
    return AbortSignal.abort();
  }
}
