import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, bigint, createTable, integer, nullable, text, varchar } from './columns.js';

export class CreateTasks1780000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'tasks',
      [
        ascii('uuid', 36, { isPrimary: true }),
        varchar('project_id', 64),
        varchar('user_id', 64),
        ascii('tag', 510, nullable),
        ascii('duplicate_key', 64, nullable),
        varchar('task', 64),
        varchar('state', 16),
        varchar('server_id', 64, nullable),
        text('resource', nullable),
        varchar('request_id', 64, nullable),
        varchar('global_request_id', 64, nullable),
        integer(runner, 'fault_code', nullable),
        text('fault_message', nullable),
        bigint('start_time'),
        bigint('last_updated'),
        bigint('next_look', nullable),
      ],
      [
        { name: 'tasks_duplicate_key', columnNames: ['duplicate_key'], isUnique: true },
        { name: 'tasks_by_tag', columnNames: ['project_id', 'tag', 'uuid'] },
        { name: 'tasks_by_server', columnNames: ['project_id', 'server_id', 'uuid'] },
        { name: 'tasks_by_project', columnNames: ['project_id', 'uuid'] },
        { name: 'tasks_by_next_look', columnNames: ['next_look'] },
      ],
    );
    await createTable(
      runner,
      'task_servers',
      [ascii('task_uuid', 36, { isPrimary: true }), varchar('server_id', 64, { isPrimary: true })],
      [{ name: 'task_servers_by_server', columnNames: ['server_id'] }],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('task_servers');
    await runner.dropTable('tasks');
  }
}
