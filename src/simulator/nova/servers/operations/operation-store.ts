import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, In, MoreThanOrEqual, Not, type Repository } from 'typeorm';
import { isUniqueViolation } from '../../../../storage/driver-errors.js';
import { type Statement, statement } from '../../../../storage/statement.js';
import { storageOf } from '../../../../storage/storage-of.js';
import { Insertion } from '../../../insertion.js';
import { SimulatedOperation, type OperationState } from './operation.entity.js';

/** Reads operations, and makes the statements that write them. */
@Injectable()
export class OperationStore {
  private readonly operations: Repository<SimulatedOperation>;
  private readonly insertion: Insertion<SimulatedOperation>;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {
    this.operations = dataSource.getRepository(SimulatedOperation);
    this.insertion = new Insertion(dataSource, SimulatedOperation);
  }

  insert(operations: SimulatedOperation[]): Statement {
    return this.insertion.of(operations);
  }

  /** Ends an operation that is still running. */
  end({ id }: SimulatedOperation, state: OperationState, fault: string | null): Statement {
    return statement(this.change({ state, fault, dueAt: null }).where({ id, state: 'running' }), 1);
  }

  /** Postpones the end of a running operation to `dueAt`. */
  goOn({ id }: SimulatedOperation, dueAt: number): Statement {
    return statement(this.change({ dueAt }).where({ id, state: 'running' }), 1);
  }

  /** Ends the other operations on a server that is being deleted. */
  endOthers(serverId: string): Statement {
    const fault = 'The server was deleted before the operation ended.';
    return statement(
      this.change({ state: 'failure', fault, dueAt: null }).where({
        serverId,
        state: 'running',
        task: Not('delete'),
      }),
    );
  }

  /** The operations of tasks, those of each in their order. */
  async byTask(taskUuids: string[]): Promise<Map<string, SimulatedOperation[]>> {
    const operations =
      taskUuids.length === 0
        ? []
        : await this.operations.find({ where: { taskUuid: In(taskUuids) }, order: { id: 'ASC' } });
    const byTask = new Map<string, SimulatedOperation[]>();
    for (const operation of operations) {
      byTask.set(operation.taskUuid, [...(byTask.get(operation.taskUuid) ?? []), operation]);
    }
    return byTask;
  }

  /** The running operations of a kind on a server. */
  running(serverId: string, task: string): Promise<SimulatedOperation[]> {
    return this.operations.findBy({ serverId, task, state: 'running' });
  }

  /**
   * Makes it a fact that a task's request was not accepted: it takes the key that the request would need.
   *
   * @returns false when the request was accepted after all
   */
  async refuse(taskUuid: string, task: string): Promise<boolean> {
    try {
      await this.operations.insert({
        id: operationId(taskUuid, 0),
        taskUuid,
        serverId: null,
        task,
        state: 'refused',
        dueAt: null,
        detail: {},
        resource: {},
        fault: null,
      });
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  /** Claims due operations; no other process gets them for `leaseMs`. */
  async claimDue(limit: number, leaseMs: number): Promise<SimulatedOperation[]> {
    const now = Date.now();
    const ids = await storageOf(this.dataSource).claim({
      table: 'embedded_operations',
      key: 'id',
      due: 'due_at',
      now,
      until: now + leaseMs,
      limit,
    });
    return ids.length === 0 ? [] : this.operations.findBy({ id: In(ids), state: 'running' });
  }

  /** When the next operation is due, in epoch milliseconds; `null` if none is running. */
  async nextDue(): Promise<number | null> {
    const [next] = await this.operations.find({
      // Not `Not(IsNull())`, for which SQLite would read all ended operations.
      where: { dueAt: MoreThanOrEqual(0) },
      order: { dueAt: 'ASC' },
      select: { id: true, dueAt: true },
      take: 1,
    });
    return next?.dueAt ?? null;
  }

  private change(changes: Partial<SimulatedOperation>) {
    return this.operations.createQueryBuilder().update(SimulatedOperation).set(changes);
  }
}

/** The key of the n-th operation of a task. */
export function operationId(taskUuid: string, n: number): string {
  return `${taskUuid}:${n}`;
}
