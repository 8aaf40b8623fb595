import { type BeforeApplicationShutdown, Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { Observable } from 'rxjs';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { OwnProcess } from '../following/own-process.js';
import { type Earlier, HandlerTransactions } from '../requests/in-flight/handler-transactions.js';
import type { Task } from '../task.entity.js';
import { ABANDONED, DuplicateRequestError } from '../task.errors.js';
import { type Outcome, type Resolved, statesBefore, type TaskState, type Witness } from '../task.states.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { Tracing, type WorkSpan } from '../tracing/tracing.js';
import type { NewTask } from './new-task.js';
import { newTaskRow } from './new-task-row.js';
import { ownership } from './new-task-writes.js';
import type { Settled } from './outcome-writes.js';
import { RecorderBusyError } from './recorder-busy.error.js';
import { RecorderNews } from './recorder-news.js';
import { NOT_COMMITTED } from './same-transaction.js';
import { inRecordSpan, inSettleSpan, noteTrace } from './task-spans.js';
import type { GroupKind, Written } from './task-writes.js';
import { TaskStore } from './task.store.js';
import { type HandedOn, wayOf } from './way.js';
import { Withdrawals, WITHDRAWN } from './withdrawals.js';

/** How often a request is written again if its key was taken at the write, but free at the look-up after it. */
const MOST_ATTEMPTS = 20;

/** How much longer the pause before each of these attempts is, in milliseconds. */
const PAUSE_MS = 5;

/**
 * Writes tasks and their states: the path that every request goes through twice.
 *
 * The database decides which request is first and which news counts (compare-and-set), never this process. Whether a
 * request is a duplicate is decided in two places: by the unique index on `duplicate_key` (`tasks/tables/migrations/`), and
 * by the INSERT that meets it (`insert` in `storage/<database>/rows.ts`; where a tag has one owner, the one in
 * `tasks/recording/tag-owners.ts`). Writes that come together are grouped.
 */
@Injectable()
export class TaskRecorder extends RecorderNews implements OnModuleInit, BeforeApplicationShutdown {
  /** Writes that this process sends together. Subscribers must not throw. */
  readonly grouped: Observable<{ kind: GroupKind; size: number }>;

  private readonly withdrawals: Withdrawals;

  constructor(
    private readonly store: TaskStore,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
    private readonly transactions: HandlerTransactions,
    private readonly own: OwnProcess,
    private readonly tracing: Tracing,
  ) {
    super();
    this.grouped = store.grouped;
    store.committed.subscribe((settled) => this.tell(settled));
    this.withdrawals = new Withdrawals({
      find: (uuids) => store.open(uuids),
      reject: (uuid) => this.recordOutcome(uuid, WITHDRAWN, 'answer'),
    });
  }

  /** @throws UnusableDatabaseError when the connections or the tables of the data source cannot keep the promises */
  onModuleInit(): Promise<void> {
    return this.store.check();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.drain();
  }

  /** Fulfilled when all waiting writes are done. */
  async drain(): Promise<void> {
    await this.store.drain();
    await this.withdrawals.stop();
  }

  /** How many new tasks, and outcomes of tasks, are waiting to be written. */
  get waiting(): number {
    return this.store.waiting;
  }

  /**
   * Records a request as `pending`. When it returns, the row is committed.
   *
   * @param uuid the id of its task
   * @throws AbandonedTagError when the tag was abandoned
   * @throws DuplicateRequestError when the same request counts as accepted under the same tag
   * @throws RecorderBusyError when too many writes wait for the database
   * @throws TagInUseError when another request does, and tags must not be reused
   */
  record(request: NewTask, uuid = uuidv7()): Promise<Task> {
    return inRecordSpan(this.tracing, request.task, (span) => this.recordIn(span, request, uuid));
  }

  private async recordIn(span: WorkSpan | null, request: NewTask, uuid: string): Promise<Task> {
    const { description } = request;
    const owns = ownership(request, this.options);
    const task = newTaskRow(request, uuid, this.own.id, this.options);
    noteTrace(span, task);
    const earlier = this.transactions.earlier(task.duplicateKey);
    if (earlier !== null) await this.endEarlier(earlier);
    for (let n = 0; n < MOST_ATTEMPTS; n += 1) {
      let written: Written;
      try {
        written = await this.store.insert(task, description, owns);
      } catch (error) {
        if (error instanceof RecorderBusyError) this.busy.next();
        throw error;
      }
      if (written !== 'taken') {
        this.own.begins(task);
        if (written === 'abandoned') await this.meetAbandonment(task);
        this.recorded.next(task);
        return task;
      }
      const refusal = description === null ? null : await this.store.refusalOf(task, description, owns);
      if (refusal !== null) throw refusal;
      // The first request was rejected between the two statements, so its key is free again.
      await pause(n * PAUSE_MS);
    }
    this.busy.next();
    throw new RecorderBusyError();
  }

  /**
   * An interceptor before a handler may call it again after its transaction was rolled back. The first task is then
   * still open, and would refuse the second try. The database decides: a committed outcome stays. Without
   * `sameTransaction`, a handler may have done things that no rollback undoes, so the second try is refused.
   *
   * @throws DuplicateRequestError while the transaction is open
   */
  private async endEarlier({ is, task }: Earlier): Promise<void> {
    if (is === 'open') throw new DuplicateRequestError(task);
    if (task.sameTransaction) await this.recordOutcome(task.uuid, NOT_COMMITTED);
  }

  /** Ends a recorded request whose tag is abandoned for good. */
  private async meetAbandonment(task: Task): Promise<void> {
    const { uuid } = task;
    try {
      const refusal = await this.store.abandonmentOf(task);
      if (refusal === null) return;
      await this.recordOutcome(
        uuid,
        { state: 'rejected', fault: { code: 410, message: ABANDONED } },
        'answer',
      );
      throw refusal;
    } catch (error) {
      if (error instanceof RecorderBusyError) this.withdraw(uuid);
      throw error;
    }
  }

  /**
   * Withdraws a request that was not carried out because the database did not confirm its record in time. If its row
   * exists, or is still written, it is rejected.
   */
  withdraw(uuid: string): void {
    this.withdrawals.add(uuid);
  }

  /**
   * Records the outcome of a task.
   *
   * @param witness the source of the news
   * @param handedOn when its handler began. @default known while that runs here
   * @returns false when the task had already moved on, so that the news is old
   */
  recordOutcome(
    uuid: string,
    outcome: Outcome,
    witness: Witness = 'observation',
    handedOn: HandedOn | undefined = this.transactions.handedOn(uuid),
  ): Promise<boolean> {
    const isFinal = witness === 'answer' && this.options.lostAnswersMs !== null;
    const more = wayOf(outcome, witness, this.options.now(), handedOn);
    if (isFinal) more.process = null;
    const written = this.recordFrom(statesBefore(outcome, witness), uuid, outcome, more);
    return isFinal ? this.noteAnswered(uuid, written) : written;
  }

  /** Other news may have come first, but the answer is this one. */
  private async noteAnswered(uuid: string, written: Promise<boolean>): Promise<boolean> {
    const isNews = await written;
    if (!isNews) await this.store.answered(uuid, this.own.id);
    return isNews;
  }

  /**
   * Records the outcome of an unknown task by the word of a user.
   *
   * @returns false when it is not unknown, or no longer
   */
  resolve(uuid: string, outcome: Outcome, resolved: Resolved): Promise<boolean> {
    return this.recordFrom(['unknown'], uuid, outcome, { resolved, lastUpdated: resolved.at });
  }

  private recordFrom(
    before: readonly TaskState[],
    uuid: string,
    outcome: Outcome,
    more: Partial<Task>,
  ): Promise<boolean> {
    const written = inSettleSpan(this.tracing, uuid, outcome, () =>
      this.store.settle(before, uuid, outcome, more),
    );
    return written.then((settled) => {
      if (settled === null) this.own.ends(uuid);
      else this.tell(settled);
      return settled !== null;
    });
  }

  /**
   * Records the outcome of a task in a host's transaction: it is committed, or rolled back, with that.
   *
   * @throws Error when no transaction is open
   * @throws TaskMovedOnError when the task has already moved on
   */
  recordOutcomeIn(manager: EntityManager, uuid: string, outcome: Outcome): Promise<void> {
    const way = wayOf(outcome, 'answer', this.options.now(), this.transactions.handedOn(uuid));
    return inSettleSpan(this.tracing, uuid, outcome, () => this.store.settleIn(manager, uuid, outcome, way));
  }

  private tell(settled: Settled): void {
    this.own.ends(settled.uuid);
    this.settled.next(settled);
  }

  lookNow(uuid: string): Promise<void> {
    return this.store.lookNow(uuid);
  }

  /**
   * Frees the name of an accepted request. That request still counts as accepted, and is never the same as another.
   *
   * @returns false when its tag is no name, or is free already
   */
  freeName(task: Task): Promise<boolean> {
    return this.store.freeName(task);
  }
}
