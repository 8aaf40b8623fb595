import { Column, Entity, PrimaryColumn } from 'typeorm';
import { wholeNumber } from '../../storage/columns.js';

/**
 * The answer to a task's request, of handlers that send it again to who repeats the request. A long one is in several
 * rows: no text column of every database takes more than 64 KiB.
 */
@Entity('task_answers')
export class TaskAnswer {
  @PrimaryColumn({ name: 'task_uuid', type: 'varchar', length: 36 })
  taskUuid!: string;

  /** From 0 on; the first one has status and headers. */
  @PrimaryColumn({ type: 'int' })
  part!: number;

  @Column({ type: 'int', nullable: true, transformer: wholeNumber })
  status!: number | null;

  @Column({ type: 'simple-json', nullable: true })
  headers!: Record<string, string> | null;

  /** In Base64, since it may be any bytes. */
  @Column({ type: 'text' })
  body!: string;
}
