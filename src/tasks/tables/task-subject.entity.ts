import { Entity, Index, PrimaryColumn } from 'typeorm';
import { bytes, HasBytes } from '../../storage/byte-columns.js';
import { uuids } from '../../storage/bytes.js';

/**
 * A subject of a task with several: one request may create any number of things. The first one is in the task's own
 * row; only the others have a row here.
 */
@Entity('task_subjects')
@Index('task_subjects_by_subject', ['subject'])
@HasBytes('task_subjects')
export class TaskSubject {
  @PrimaryColumn({ name: 'task_uuid', ...bytes(16, uuids) })
  taskUuid!: string;

  @PrimaryColumn({ type: 'varchar', length: 255 })
  subject!: string;
}
