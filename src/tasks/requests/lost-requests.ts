import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { nodeResponse } from '../../http/node-http.js';
import { onMaster } from '../../storage/on-master.js';
import type { EarlierRequest } from '../lost-answers/earlier-requests.js';
import { LostAnswers } from '../lost-answers/lost-answers.js';
import { InjectTasksDataSource } from '../tables/tasks-data-source.js';
import { Task } from '../task.entity.js';
import { DuplicateRequestError } from '../task.errors.js';
import { UNDECIDED_STATES } from '../task.states.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { TaskWaits } from '../waiting/task-waits.js';
import { FirstAnswers } from './first-answers.js';
import type { TrackedOptions } from './tracked.options.js';
import { untilClosed } from './until-closed.js';

/** How long a request waits for what becomes of an earlier one, in milliseconds. */
const WAIT_MS = 10_000;

/** When to ask again after that, in seconds. */
const RETRY_AFTER = 5;

/** How much later than its time a task is found to be lost, at the most, in milliseconds. */
const SWEEP_MS = 2000;

/** A request that may get the answer to an earlier one. */
interface Later {
  context: ExecutionContext;
  tracked: TrackedOptions<unknown>;
  /** Its id in the table of lost answers. */
  id: string;
  /** Until when it waits, by `performance.now()`. */
  until: number;
  /** Aborted when its client has gone. */
  signal: AbortSignal;
}

/** Gives lost answers to later requests that are the same. */
@Injectable()
export class LostRequests {
  constructor(
    @InjectTasksDataSource() private readonly dataSource: DataSource,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
    private readonly lost: LostAnswers,
    private readonly waits: TaskWaits,
    private readonly answers: FirstAnswers,
  ) {}

  /**
   * The answer for a request without a tag, if one to an earlier request was lost; `null`: it is to be carried out.
   *
   * @throws DuplicateRequestError when it is not known in time what became of the earlier one
   */
  async answerFor(
    context: ExecutionContext,
    tracked: TrackedOptions<unknown>,
    requestKey: string,
  ): Promise<{ value: unknown } | null> {
    const signal = untilClosed(nodeResponse(context.switchToHttp().getResponse<object>()));
    const later = { context, tracked, id: uuidv7(), until: performance.now() + WAIT_MS, signal };
    for (;;) {
      const earlier = await this.lost.find(requestKey);
      for (const { uuid } of earlier.filter(({ isLost }) => isLost)) {
        const answer = await this.answerOf(uuid, later);
        if (answer !== null) return answer;
      }
      const open = earlier.find(({ isLost }) => !isLost);
      if (open === undefined || !(await this.isDecided(open, later))) return null;
    }
  }

  /** Waits for a request at another process that may be dead. If it is alive, it is another request of its own. */
  private async isDecided({ uuid, nextLook }: EarlierRequest, { until, signal }: Later): Promise<boolean> {
    const certain = (nextLook ?? 0) + SWEEP_MS - this.options.now();
    const ms = Math.min(certain, until - performance.now());
    return ms > 0 && (await this.waits.untilDecided(uuid, { ms, signal }));
  }

  /** The answer to a request; `null` if another one has got it, or the request was rejected. */
  private async answerOf(uuid: string, later: Later): Promise<{ value: unknown } | null> {
    const { context, tracked, id, until, signal } = later;
    if (!(await this.lost.give(uuid, id))) return null;
    let answer: { value: unknown } | null = null;
    try {
      const isDecided = await this.waits.untilDecided(uuid, {
        ms: Math.max(until - performance.now(), 1),
        signal,
      });
      const first = await onMaster(this.dataSource, (manager) => manager.findOneBy(Task, { uuid }));
      // It was rejected: nothing was done, and this one is carried out.
      if (first === null || (first.state === 'failure' && first.duplicateKey === null)) return null;
      if (isDecided && !UNDECIDED_STATES.includes(first.state))
        answer = await this.answers.again(context, tracked, first);
      if (answer === null) throw new DuplicateRequestError(first, NOT_KNOWN, RETRY_AFTER);
      this.watch(uuid, later);
      return answer;
    } catch (error) {
      if (answer === null) await this.lost.takeBack(uuid, id);
      throw error;
    }
  }

  /** If this answer is lost too, the next request may have it. */
  private watch(uuid: string, { context, id }: Later): void {
    const response = nodeResponse(context.switchToHttp().getResponse<object>());
    const takeBack = () => {
      if (!response.writableFinished) this.lost.takeBack(uuid, id).catch(() => undefined);
    };
    if (response.destroyed) takeBack();
    else response.once('close', takeBack);
  }
}

const NOT_KNOWN =
  'It has no tag, and the answer to it was lost. What became of it is not known yet: send it again later.';
