import { Inject, Injectable, Logger } from '@nestjs/common';
import { type DataSource, IsNull, LessThan, type Repository } from 'typeorm';
import { messageOf } from '../../errors/message-of.js';
import { isUniqueViolation } from '../../storage/driver-errors.js';
import { onMaster } from '../../storage/on-master.js';
import { statement } from '../../storage/statement.js';
import { storageOf } from '../../storage/storage-of.js';
import { OwnProcess } from '../following/own-process.js';
import { InjectTasksDataSource } from '../tables/tasks-data-source.js';
import { Task } from '../task.entity.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { type EarlierRequest, EarlierRequests } from './earlier-requests.js';
import { LostAnswer } from './lost-answer.entity.js';

/** How much longer than it counts a lost answer is kept, in milliseconds. */
const FORGET_MS = 3_600_000;

/**
 * Answers to requests without a tag that did not reach their clients, with the option `lostAnswersMs`. The database
 * decides which later request gets one.
 */
@Injectable()
export class LostAnswers {
  private readonly logger = new Logger(LostAnswers.name);
  private readonly rows: Repository<LostAnswer>;
  private readonly earlier: EarlierRequests;
  /** Losses that are being written: a request that comes after one must see it. */
  private readonly writing = new Set<Promise<unknown>>();

  constructor(
    @InjectTasksDataSource() private readonly dataSource: DataSource,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
    private readonly own: OwnProcess,
  ) {
    this.rows = dataSource.getRepository(LostAnswer);
    this.earlier = new EarlierRequests(dataSource, () => this.since());
  }

  /**
   * Earlier requests that are the same, the oldest first: those whose answer was lost, and those that another process
   * has not answered, because it is still at it or dead.
   */
  async find(requestKey: string): Promise<EarlierRequest[]> {
    if (this.writing.size > 0) await Promise.allSettled(this.writing);
    const found = await this.earlier.find(requestKey);
    // This process is alive, and would know of a client that has gone.
    return found.filter(({ isLost, process }) => isLost || (process !== null && process !== this.own.id));
  }

  /** Records that the answer to a request did not reach its client, or will not. */
  lose({ uuid }: Task): Promise<void> {
    const writing = this.write(uuid).catch((error: unknown) => {
      this.logger.warn(
        `The answer of task ${uuid} was lost, and that could not be recorded: ${messageOf(error)}`,
      );
    });
    this.writing.add(writing);
    return writing.finally(() => this.writing.delete(writing));
  }

  /**
   * Gives a lost answer to a request.
   *
   * @param to an id of that request
   * @returns false when another one has got it
   */
  give(taskUuid: string, to: string): Promise<boolean> {
    const update = this.rows.createQueryBuilder().update().set({ givenTo: to });
    return storageOf(this.dataSource).commit([statement(update.where({ taskUuid, givenTo: IsNull() }), 1)]);
  }

  /**
   * Gives the answer of a request whose process has died before it answered.
   *
   * @returns false when the process has answered after all, or another request has got it
   */
  async giveOfDead({ uuid: taskUuid, process }: EarlierRequest, to: string): Promise<boolean> {
    const tasks = this.dataSource.createQueryBuilder().update(Task).set({ process: null });
    const row = { taskUuid, lostAt: this.options.now(), givenTo: to };
    try {
      return await storageOf(this.dataSource).commit([
        statement(tasks.where({ uuid: taskUuid, process: process ?? '' }), 1),
        statement(this.rows.createQueryBuilder().insert().values(row).updateEntity(false)),
      ]);
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  /** Takes an answer back from a request that did not get it after all: a later one may have it. */
  async takeBack(taskUuid: string, from: string): Promise<void> {
    const update = this.rows.createQueryBuilder().update().set({ givenTo: null });
    const writing = storageOf(this.dataSource).commit([statement(update.where({ taskUuid, givenTo: from }))]);
    this.writing.add(writing);
    await writing.finally(() => this.writing.delete(writing));
  }

  /** Whether the answer to a request was given to another one, because its process was taken for dead. */
  async isGiven(taskUuid: string): Promise<boolean> {
    const row = await onMaster(this.dataSource, (manager) => manager.findOneBy(LostAnswer, { taskUuid }));
    return row !== null;
  }

  /** Those that have become too old go at the same time, so that the table stays small. */
  private async write(taskUuid: string): Promise<void> {
    const { rows } = this;
    const lost = { taskUuid, lostAt: this.options.now(), givenTo: null };
    const old = rows.createQueryBuilder().delete();
    try {
      await storageOf(this.dataSource).commit([
        statement(rows.createQueryBuilder().insert().values(lost).updateEntity(false)),
        statement(old.where({ lostAt: LessThan(this.since() - FORGET_MS) })),
      ]);
    } catch (error) {
      // It was given to another request already, since its process was taken for dead.
      if (!isUniqueViolation(error)) throw error;
    }
  }

  private since(): number {
    return this.options.now() - (this.options.lostAnswersMs ?? 0);
  }
}

/** Whether a request's answer counts as lost if it does not arrive: it has no tag, and can be recognised. */
export function canBeLost({ tag, duplicateKey }: Task): boolean {
  return tag === null && duplicateKey !== null;
}
