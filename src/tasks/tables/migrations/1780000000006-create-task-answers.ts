import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bytes, createTable, integer, nullable, text } from '../../../storage/create-table.js';
import { UUID } from '../../../storage/width.js';
import { TaskAnswer } from '../../answers/task-answer.entity.js';
import { tableNames } from './table-names.js';

export class CreateTaskAnswers1780000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, tableNames(runner, TaskAnswer).table, [
      bytes(runner, 'task_uuid', UUID, { isPrimary: true }),
      integer(runner, 'part', { isPrimary: true }),
      integer(runner, 'status', nullable),
      text('headers', nullable),
      text('body'),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(tableNames(runner, TaskAnswer).table);
  }
}
