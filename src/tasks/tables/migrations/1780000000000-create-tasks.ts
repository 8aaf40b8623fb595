import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  ascii,
  bigint,
  bytes,
  createTable,
  integer,
  nullable,
  SHA256,
  text,
  UUID,
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
        bytes(runner, 'uuid', UUID, { isPrimary: true }),
        varchar('project_id', 64),
        varchar('user_id', 64),
        bytes(runner, 'tag', { bytes: 255, isFixed: false }, nullable),
        bytes(runner, 'duplicate_key', SHA256, nullable),
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
        integer(runner, 'sent_after', nullable),
        integer(runner, 'answered_after', nullable),
        bigint('looked_at', nullable),
        varchar('why_open', 255, nullable),
        ascii('trace_context', 55, nullable),
      ],
      [
        { name: index('tasks_duplicate_key'), columnNames: ['duplicate_key'], isUnique: true },
        { name: index('tasks_by_tag'), columnNames: ['project_id', 'tag', 'uuid'] },
        {
          name: index('tasks_by_subject'),
          columnNames: ['project_id', 'subject', 'uuid'],
          prefixes: 'subject',
        },
        { name: index('tasks_by_state'), columnNames: ['state', 'project_id', 'uuid'] },
        {
          name: index('tasks_by_request'),
          columnNames: ['request_id', 'uuid'],
          prefixes: 'request_id',
          where: 'request_id IS NOT NULL',
        },
        {
          name: index('tasks_by_global_request'),
          columnNames: ['global_request_id', 'uuid'],
          prefixes: 'global_request_id',
          where: 'global_request_id IS NOT NULL',
        },
        { name: index('tasks_by_next_look'), columnNames: ['next_look'] },
      ],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(tableNames(runner, Task).table);
  }
}
