import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bytes, HasTypedColumns } from '../../storage/typed-columns.js';
import { uuids } from '../../storage/bytes.js';
import { epochMilliseconds, wholeNumber } from '../../storage/columns.js';

/** How often the same request came again, and what it got. */
export interface DuplicateCount {
  /** How often it was refused. */
  refused: number;
  /** How often it got the first one's answer. */
  answered: number;
  /** When it last came, in epoch milliseconds; `null`: never. */
  lastAt: number | null;
}

/** The duplicates of a task. Most tasks have none, and no row here. */
@Entity('task_duplicates')
@HasTypedColumns('task_duplicates')
export class TaskDuplicates {
  @PrimaryColumn({ name: 'task_uuid', ...bytes(16, uuids) })
  taskUuid!: string;

  @Column({ type: 'int', transformer: wholeNumber })
  refused!: number;

  @Column({ type: 'int', transformer: wholeNumber })
  answered!: number;

  @Column({ name: 'last_at', type: 'bigint', transformer: epochMilliseconds })
  lastAt!: number;
}
