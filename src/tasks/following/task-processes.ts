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

/** The processes that report that they are alive: one row each, however many tasks they carry out. */
@Injectable()
export class TaskProcesses {
  private readonly processes: Repository<TaskProcess>;

  constructor(
    @InjectTasksDataSource() private readonly dataSource: DataSource,
    private readonly own: OwnProcess,
  ) {
    this.processes = dataSource.getRepository(TaskProcess);
  }

  /** The ids of the processes alive at a time, including this one. Rows of processes that died long ago are removed. */
  async alive(now: number): Promise<string[]> {
    const { id: own } = this.own;
    if (own === null) return [];
    const all = await onMaster(this.dataSource, (manager) => manager.find(TaskProcess));
    if (all.some(({ aliveUntil }) => aliveUntil < now - FORGET_MS)) await this.forget(now);
    const living = all.filter(({ id, aliveUntil }) => id !== own && aliveUntil > now);
    return [own, ...living.map(({ id }) => id)];
  }

  /**
   * Reports that this process is alive until a time, in epoch milliseconds; even if its row is gone, as after a long
   * standstill.
   */
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

  /** This process no longer carries out any task. */
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
