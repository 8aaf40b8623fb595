import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, bigint, createTable } from '../../../storage/create-table.js';
import { TaskProcess } from '../../following/task-process.entity.js';
import { tableNames } from './table-names.js';

export class CreateTaskProcesses1780000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, tableNames(runner, TaskProcess).table, [
      ascii('id', 16, { isPrimary: true }),
      bigint('alive_until'),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(tableNames(runner, TaskProcess).table);
  }
}
