import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bigint, bytes, createTable, integer } from '../../../storage/create-table.js';
import { UUID } from '../../../storage/width.js';
import { TaskDuplicates } from '../../duplicates/task-duplicates.entity.js';
import { tableNames } from './table-names.js';

export class CreateTaskDuplicates1780000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, tableNames(runner, TaskDuplicates).table, [
      bytes(runner, 'task_uuid', UUID, { isPrimary: true }),
      integer(runner, 'refused'),
      integer(runner, 'answered'),
      bigint('last_at'),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(tableNames(runner, TaskDuplicates).table);
  }
}
