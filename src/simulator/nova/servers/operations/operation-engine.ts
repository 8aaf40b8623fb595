import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Subject } from 'rxjs';
import type { DataSource } from 'typeorm';
import type { Observation } from '../../../../compute/compute.service.js';
import { Settings } from '../../../../config/settings.js';
import type { Statement } from '../../../../storage/statement.js';
import { storageOf } from '../../../../storage/storage-of.js';
import { Loop } from '../../../../tasks/following/loop.js';
import { ImagesService } from '../../../glance/images.service.js';
import { ServerStore } from '../server-store.js';
import type { SimulatedServer } from '../server.entity.js';
import { outcomeOf } from './operation-outcome.js';
import { OperationStore } from './operation-store.js';
import type { SimulatedOperation } from './operation.entity.js';
import { endOf, midwayOf, simulatedFault } from './simulation.js';

/** How often the engine looks for operations that it was not woken for, left by a process that died. */
const POLL_MS = 1000;

/** Operations that are ended in one transaction. */
const BATCH = 100;

const LEASE_MS = 5000;

/** Ends operations when they are due. It keeps nothing in memory that must survive a crash. */
@Injectable()
export class OperationEngine implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** The outcome of each task whose operations have all ended here. */
  readonly news = new Subject<Observation>();

  private readonly logger = new Logger(OperationEngine.name);
  private readonly loop = new Loop({
    step: (signal) => this.work(signal),
    pauseMs: POLL_MS,
    onError: (message) => this.logger.warn(`Operations cannot be ended: ${message}`),
  });

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly servers: ServerStore,
    private readonly operations: OperationStore,
    private readonly images: ImagesService,
    private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** Before the database is closed, and before the last requests are answered: their operations go on later. */
  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  /** Makes the engine look for due operations at a time, in epoch milliseconds. */
  wake(at: number): void {
    this.loop.wake(Math.max(0, at - Date.now()));
  }

  /** @returns how long until the next operation is due, in milliseconds */
  private async work(signal: AbortSignal): Promise<number> {
    while (!signal.aborted) {
      const due = await this.operations.claimDue(BATCH, LEASE_MS);
      if (due.length === 0) break;
      await this.end(due);
    }
    const next = (await this.operations.nextDue()) ?? Infinity;
    return Math.min(POLL_MS, Math.max(0, next - Date.now()));
  }

  private async end(operations: SimulatedOperation[]): Promise<void> {
    const servers = await this.servers.byIds(operations.map((operation) => operation.serverId ?? ''));
    const together = operations.flatMap((operation) => this.endStatements(operation, servers));
    if (!(await storageOf(this.dataSource).commit(together))) {
      // Some server has changed since. One by one only that one has to wait; its claim ends by itself.
      for (const operation of operations) await this.endOne(operation);
    }
    await this.tell(operations);
  }

  private async endOne(operation: SimulatedOperation): Promise<void> {
    const servers = await this.servers.byIds([operation.serverId ?? '']);
    await storageOf(this.dataSource).commit(this.endStatements(operation, servers));
  }

  private endStatements(operation: SimulatedOperation, servers: Map<string, SimulatedServer>): Statement[] {
    const { task, detail, serverId } = operation;
    const server = servers.get(serverId ?? '');
    if (server === undefined || server.vmState === 'deleted') {
      const isDone = task === 'delete';
      const fault = isDone ? null : 'The server was deleted before the operation ended.';
      return [this.operations.end(operation, isDone ? 'success' : 'failure', fault)];
    }
    const fault = simulatedFault(task, server);
    const now = Date.now();
    const midway = fault === null ? midwayOf(task, server, now) : null;
    if (midway !== null) {
      const dueAt = now + this.settings.EMBEDDED_TASK_MS;
      return [this.operations.goOn(operation, dueAt), this.servers.update(server, midway)];
    }
    const statements = [
      this.operations.end(operation, fault === null ? 'success' : 'failure', fault),
      this.servers.update(server, endOf(task, server, detail, fault, now)),
    ];
    if (detail.imageId !== undefined) {
      const { imageId } = detail;
      statements.push(
        fault === null ? this.images.activateSnapshot(imageId) : this.images.failSnapshot(imageId),
      );
    }
    return statements;
  }

  private async tell(operations: SimulatedOperation[]): Promise<void> {
    const byTask = await this.operations.byTask(operations.map(({ taskUuid }) => taskUuid));
    for (const [uuid, ofTask] of byTask) {
      const outcome = outcomeOf(ofTask);
      if (outcome.state === 'success' || outcome.state === 'failure') this.news.next({ uuid, outcome });
    }
  }
}
