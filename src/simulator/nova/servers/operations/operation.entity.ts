import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { epochMilliseconds } from '../../../../storage/columns.js';
import type { Resource } from '../../../../tasks/task.states.js';

/**
 * - `running`: accepted, and in progress until `dueAt`
 * - `refused`: the tombstone of a task that was looked up and not found; its request can no longer be accepted
 */
export type OperationState = 'running' | 'success' | 'failure' | 'refused';

/**
 * One operation on one server. It is committed together with the server's own change, so that an accepted request and
 * its effect exist both or neither; after a crash it continues from this row.
 */
@Entity('embedded_operations')
@Index('embedded_operations_by_task', ['taskUuid'])
@Index('embedded_operations_by_server', ['serverId'])
@Index('embedded_operations_by_due_at', ['dueAt'])
export class SimulatedOperation {
  /** `<task uuid>:<n>`: a request for several servers has one operation for each, from 0. */
  @PrimaryColumn({ type: 'varchar', length: 48 })
  id!: string;

  @Column({ name: 'task_uuid', type: 'varchar', length: 36 })
  taskUuid!: string;

  @Column({ name: 'server_id', type: 'varchar', length: 36, nullable: true })
  serverId!: string | null;

  /** Nova's instance action. */
  @Column({ type: 'varchar', length: 64 })
  task!: string;

  @Column({ type: 'varchar', length: 16 })
  state!: OperationState;

  /** When it is due; NULL once it has ended. The engine postpones it while working on it. */
  @Column({ name: 'due_at', type: 'bigint', nullable: true, transformer: epochMilliseconds })
  dueAt!: number | null;

  /** The data needed at its end. */
  @Column({ type: 'simple-json' })
  detail!: OperationDetail;

  /** The object that the task acts on. */
  @Column({ type: 'simple-json' })
  resource!: Resource;

  @Column({ type: 'text', nullable: true })
  fault!: string | null;
}

export interface OperationDetail {
  imageId?: string;
  portId?: string;
  volumeId?: string;
  newVolumeId?: string;
}
