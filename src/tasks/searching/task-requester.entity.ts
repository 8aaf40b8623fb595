import { Entity, PrimaryColumn } from 'typeorm';

/**
 * A user who has sent requests in a project. There are few of them beside the tasks, so a prefix of a user's id is looked
 * up here, and tasks need no index of their users.
 */
@Entity('task_requesters')
export class TaskRequester {
  @PrimaryColumn({ name: 'project_id', type: 'varchar', length: 64 })
  projectId!: string;

  @PrimaryColumn({ name: 'user_id', type: 'varchar', length: 64 })
  userId!: string;
}
