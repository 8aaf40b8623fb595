import { Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A server of a task that is about several: a create may make any number of them. The first one is in the task's own
 * row; only the others have a row here.
 */
@Entity('task_servers')
@Index('task_servers_by_server', ['serverId'])
export class TaskServer {
  @PrimaryColumn({ name: 'task_uuid', type: 'varchar', length: 36 })
  taskUuid!: string;

  @PrimaryColumn({ name: 'server_id', type: 'varchar', length: 64 })
  serverId!: string;
}
