import { Entity, Index, PrimaryColumn } from 'typeorm';
import { bytes, HasTypedColumns, upToBytes } from '../../storage/typed-columns.js';
import { uuids } from '../../storage/bytes.js';
import { ids } from '../../storage/packed-ids.js';
import { SUBJECT_BYTES } from './id-widths.js';

/**
 * A subject of a task with several: one request may create any number of things. The first one is in the task's own
 * row; only the others have a row here.
 */
@Entity('task_subjects')
@Index('task_subjects_by_subject', ['subject'])
@HasTypedColumns('task_subjects')
export class TaskSubject {
  @PrimaryColumn({ name: 'task_uuid', ...bytes(16, uuids) })
  taskUuid!: string;

  @PrimaryColumn(upToBytes(SUBJECT_BYTES, ids))
  subject!: string;
}
