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
import { Task } from '../../task.entity.js';
import { tableNames } from './table-names.js';

export class CreateTasks1780000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { table, index } = tableNames(runner, Task);
    await createTable(
      runner,
      table,
      [
        ascii('uuid', 36, { isPrimary: true }),
        varchar('project_id', 64),
        varchar('user_id', 64),
        ascii('tag', 510, nullable),
        ascii('duplicate_key', 64, nullable),
        varchar('task', 64),
        varchar('state', 16),
        varchar('subject', 255, nullable),
        text('resource', nullable),
        varchar('request_id', 64, nullable),
        varchar('global_request_id', 64, nullable),
        integer(runner, 'fault_code', nullable),
        text('fault_message', nullable),
        text('resolved', nullable),
        bigint('start_time'),
        bigint('last_updated'),
        bigint('next_look', nullable),
        integer(runner, 'same_transaction', nullable),
        ascii('process', 16, nullable),
      ],
      [
        { name: index('tasks_duplicate_key'), columnNames: ['duplicate_key'], isUnique: true },
        { name: index('tasks_by_tag'), columnNames: ['project_id', 'tag', 'uuid'] },
        { name: index('tasks_by_subject'), columnNames: ['project_id', 'subject', 'uuid'] },
        { name: index('tasks_by_project'), columnNames: ['project_id', 'uuid'] },
        { name: index('tasks_by_next_look'), columnNames: ['next_look'] },
      ],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(tableNames(runner, Task).table);
  }
}
