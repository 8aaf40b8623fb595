import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  ascii,
  bigint,
  createTable,
  integer,
  nullable,
  text,
  varchar,
} from '../../../storage/create-table.js';

export class CreateSimulatedServers1780000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'embedded_servers',
      [
        varchar('id', 36, { isPrimary: true }),
        varchar('project_id', 64),
        varchar('user_id', 64),
        varchar('name', 255),
        ascii('vm_state', 32),
        ascii('task_state', 32, nullable),
        bigint('created_at'),
        bigint('updated_at'),
        text('data'),
        integer(runner, 'version'),
      ],
      [{ name: 'embedded_servers_by_project', columnNames: ['project_id', 'created_at', 'id'] }],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('embedded_servers');
  }
}
