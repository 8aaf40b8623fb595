import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMilliseconds } from '../../storage/columns.js';

/**
 * A process that says that it lives, while its handlers run. It is taken for dead when the time has passed, or the row is
 * not there.
 */
@Entity('task_processes')
export class TaskProcess {
  @PrimaryColumn({ type: 'varchar', length: 16 })
  id!: string;

  @Column({ name: 'alive_until', type: 'bigint', transformer: epochMilliseconds })
  aliveUntil!: number;
}
