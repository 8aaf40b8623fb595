import { Injectable } from '@nestjs/common';
import { type DataSource, LessThan, type Repository } from 'typeorm';
import { onMaster } from '../../storage/on-master.js';
import { statement } from '../../storage/statement.js';
import { storageOf } from '../../storage/storage-of.js';
import { InjectTasksDataSource } from '../tables/tasks-data-source.js';
import { OwnProcess } from './own-process.js';
import { TaskProcess } from './task-process.entity.js';

/** How long after its death the row of a process is removed, in milliseconds. */
const FORGET_MS = 3_600_000;

/** The processes that say that they live: one row for each, however many tasks it is at. */
@Injectable()
export class TaskProcesses {
  private readonly processes: Repository<TaskProcess>;

  constructor(
    @InjectTasksDataSource() private readonly dataSource: DataSource,
    private readonly own: OwnProcess,
  ) {
    this.processes = dataSource.getRepository(TaskProcess);
  }

  /** The ids of the processes that live at a time, this one among them. Rows of those long dead are removed. */
  async alive(now: number): Promise<string[]> {
    const { id: own } = this.own;
    if (own === null) return [];
    const all = await onMaster(this.dataSource, (manager) => manager.find(TaskProcess));
    if (all.some(({ aliveUntil }) => aliveUntil < now - FORGET_MS)) await this.forget(now);
    const living = all.filter(({ id, aliveUntil }) => id !== own && aliveUntil > now);
    return [own, ...living.map(({ id }) => id)];
  }

  /** Says that this process lives until a time, in epoch milliseconds; also when its row is gone, as after a long stop. */
  async beat(aliveUntil: number): Promise<void> {
    const { id } = this.own;
    if (id === null) return;
    const storage = storageOf(this.dataSource);
    const update = this.processes.createQueryBuilder().update().set({ aliveUntil }).where({ id });
    if (await storage.commit([statement(update, 1)])) return;
    const insert = this.processes
      .createQueryBuilder()
      .insert()
      .values({ id, aliveUntil })
      .updateEntity(false);
    await storage.commit([statement(insert)]);
  }

  /** This process works at no task any more. */
  async leave(): Promise<void> {
    const { id } = this.own;
    if (id === null) return;
    const remove = this.processes.createQueryBuilder().delete().where({ id });
    await storageOf(this.dataSource).commit([statement(remove)]);
  }

  private async forget(now: number): Promise<void> {
    const remove = this.processes
      .createQueryBuilder()
      .delete()
      .where({ aliveUntil: LessThan(now - FORGET_MS) });
    await storageOf(this.dataSource).commit([statement(remove)]);
  }
}
