import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bytes, createTable } from '../../../storage/create-table.js';
import { upTo } from '../../../storage/width.js';
import { TaskRequester } from '../../searching/task-requester.entity.js';
import { ID_BYTES } from '../id-widths.js';
import { tableNames } from './table-names.js';

export class CreateTaskRequesters1780000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, tableNames(runner, TaskRequester).table, [
      bytes(runner, 'project_id', upTo(ID_BYTES), { isPrimary: true }),
      bytes(runner, 'user_id', upTo(ID_BYTES), { isPrimary: true }),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(tableNames(runner, TaskRequester).table);
  }
}
