import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMilliseconds } from '../../storage/columns.js';

/**
 * A process that reports that it is alive while its handlers run. It counts as dead when the time has passed, or the
 * row is missing.
 */
@Entity('task_processes')
export class TaskProcess {
  @PrimaryColumn({ type: 'varchar', length: 16 })
  id!: string;

  @Column({ name: 'alive_until', type: 'bigint', transformer: epochMilliseconds })
  aliveUntil!: number;
}
