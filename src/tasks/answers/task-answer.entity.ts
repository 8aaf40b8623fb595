import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bytes, HasTypedColumns } from '../../storage/typed-columns.js';
import { uuids } from '../../storage/bytes.js';
import { wholeNumber } from '../../storage/columns.js';

/**
 * The answer to a task's request, stored for handlers that replay it when the request is repeated. A long one takes
 * several rows, since not every database has a text column for more than 64 KiB.
 */
@Entity('task_answers')
@HasTypedColumns('task_answers')
export class TaskAnswer {
  @PrimaryColumn({ name: 'task_uuid', ...bytes(16, uuids) })
  taskUuid!: string;

  /** Counted from 0; the first row has status and headers. */
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
