import { Entity, PrimaryColumn } from 'typeorm';
import { HasTypedColumns, upToBytes } from '../../storage/typed-columns.js';
import { ids } from '../../storage/packed-ids.js';
import { ID_BYTES } from '../tables/id-widths.js';

/**
 * A user who has sent requests in a project. There are few of them beside the tasks, so a prefix of a user's id is looked
 * up here, and tasks need no index of their users.
 */
@Entity('task_requesters')
@HasTypedColumns('task_requesters')
export class TaskRequester {
  @PrimaryColumn({ name: 'project_id', ...upToBytes(ID_BYTES, ids) })
  projectId!: string;

  @PrimaryColumn({ name: 'user_id', ...upToBytes(ID_BYTES, ids) })
  userId!: string;
}
