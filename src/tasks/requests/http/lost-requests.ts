import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { type DataSource, MoreThan } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { responseOf } from '../../../http/http-context.js';
import { nodeResponse } from '../../../http/node-http.js';
import { onceOver } from '../../../http/once-over.js';
import { onMaster } from '../../../storage/on-master.js';
import { TaskProcesses } from '../../following/task-processes.js';
import type { EarlierRequest } from '../../lost-answers/earlier-requests.js';
import { LostAnswers } from '../../lost-answers/lost-answers.js';
import { InjectTasksDataSource } from '../../tables/tasks-data-source.js';
import { Task } from '../../task.entity.js';
import { ClientGoneError, DuplicateRequestError } from '../../task.errors.js';
import { OPEN_STATES, UNDECIDED_STATES } from '../../task.states.js';
import { TASKS_OPTIONS, type TasksOptions } from '../../tasks.options.js';
import { TaskWaits } from '../../waiting/task-waits.js';
import { FirstAnswers } from './first-answers.js';
import type { TrackedOptions } from '../tracked.options.js';
import { untilClosed } from './until-closed.js';
import { untilMoreIsKnown } from '../until-more-is-known.js';

/** How long a request waits for what becomes of an earlier one, in milliseconds. */
const WAIT_MS = 10_000;

/** When to ask again after that, in seconds. */
const RETRY_AFTER = 5;

/** How often to ask again about a request at another process, in milliseconds. */
const PAUSE_MS = 200;

/** How much the clocks of two processes may differ, in milliseconds. */
const MARGIN_MS = 1000;

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
    private readonly processes: TaskProcesses,
    private readonly answers: FirstAnswers,
  ) {}

  /**
   * The answer for a request without a tag, if one to an earlier request was lost; `null`: it is to be carried out.
   *
   * @throws ClientGoneError when its client has gone while it waited
   * @throws DuplicateRequestError when it is not known in time what became of the earlier one
   */
  async answerFor(
    context: ExecutionContext,
    tracked: TrackedOptions<unknown>,
    requestKey: string,
  ): Promise<{ value: unknown } | null> {
    const signal = untilClosed(nodeResponse(responseOf(context)));
    const later = { context, tracked, id: uuidv7(), until: performance.now() + WAIT_MS, signal };
    for (;;) {
      const earlier = await this.lost.find(requestKey);
      const unanswered = earlier.filter(({ isLost }) => !isLost);
      const certain = unanswered.filter((one) => this.options.now() >= this.certainAt(one));
      const dead = await this.deadAmong(certain);
      for (const one of [...earlier.filter(({ isLost }) => isLost), ...dead]) {
        const answer = await this.answerOf(one, later);
        if (answer !== null) return answer;
      }
      if (certain.length === unanswered.length || performance.now() > later.until) return null;
      await pause(PAUSE_MS);
      // Its client has gone, too, and may be about to send it once more.
      if (signal.aborted) throw new ClientGoneError();
    }
  }

  /** From when on it is certain whether the process of a request is alive, in epoch milliseconds. */
  private certainAt({ startTime }: EarlierRequest): number {
    return startTime + this.options.pendingMs + MARGIN_MS;
  }

  /** Those of some requests whose process is dead. If it is alive, it carries out a request of its own. */
  private async deadAmong(unanswered: readonly EarlierRequest[]): Promise<EarlierRequest[]> {
    if (unanswered.length === 0) return [];
    const alive = await this.processes.alive(this.options.now());
    return unanswered.filter(({ process }) => process !== null && !alive.includes(process));
  }

  /**
   * The answer to a request, once it is known; it is given to this request only then, since this process may die, too.
   *
   * @returns `null` if another one has got it, the request was rejected, or its user has moved on
   */
  private async answerOf(earlier: EarlierRequest, later: Later): Promise<{ value: unknown } | null> {
    const { uuid } = earlier;
    const { context, tracked, id, until, signal } = later;
    for (let isLost = earlier.isLost; ;) {
      const first = await onMaster(this.dataSource, (manager) => manager.findOneBy(Task, { uuid }));
      // If it was rejected, nothing was done, and this one is carried out.
      if (first === null || (first.state === 'failure' && first.duplicateKey === null)) return null;
      if (await this.hasMovedOn(first)) return null;
      if (!UNDECIDED_STATES.includes(first.state)) {
        const given = isLost ? this.lost.give(uuid, id) : this.lost.giveOfDead(earlier, id);
        if (!(await given)) return null;
        isLost = true;
        const answer = await this.answers.again(context, tracked, first).catch(async (error: unknown) => {
          await this.lost.takeBack(uuid, id);
          throw error;
        });
        if (answer !== null) {
          this.watch(uuid, later);
          return answer;
        }
        await this.lost.takeBack(uuid, id);
      }
      const ms = OPEN_STATES.includes(first.state) ? until - performance.now() : 0;
      if (!(await untilMoreIsKnown(this.waits, first, { ms, signal })))
        throw signal.aborted
          ? new ClientGoneError()
          : new DuplicateRequestError(first, NOT_KNOWN, RETRY_AFTER);
    }
  }

  /**
   * Whether the user of a request has done something else with its subject since. Then this is no copy: a server that
   * was stopped, and started since, is to be stopped again.
   */
  private async hasMovedOn({ uuid, projectId, userId, subject }: Task): Promise<boolean> {
    if (subject === null) return false;
    const since = { projectId, userId, subject, uuid: MoreThan(uuid) };
    return onMaster(this.dataSource, (manager) => manager.existsBy(Task, since));
  }

  /** If this answer is lost too, the next request may have it. */
  private watch(uuid: string, { context, id }: Later): void {
    const response = nodeResponse(responseOf(context));
    const takeBack = () => {
      if (!response.writableFinished) this.lost.takeBack(uuid, id).catch(() => undefined);
    };
    onceOver(response, takeBack);
  }
}

const NOT_KNOWN =
  'It has no tag, and the answer to it was lost. What became of it is not known yet: send it again later.';
