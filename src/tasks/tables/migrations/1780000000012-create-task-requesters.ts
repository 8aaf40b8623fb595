import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, varchar } from '../../../storage/create-table.js';
import { TaskRequester } from '../../searching/task-requester.entity.js';
import { tableNames } from './table-names.js';

export class CreateTaskRequesters1780000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, tableNames(runner, TaskRequester).table, [
      varchar('project_id', 64, { isPrimary: true }),
      varchar('user_id', 64, { isPrimary: true }),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(tableNames(runner, TaskRequester).table);
  }
}
