import type { MigrationInterface, QueryRunner } from 'typeorm';
import { sqlName } from '../../../storage/sql-name.js';
import { Task } from '../../task.entity.js';
import { integer } from '../../../storage/create-table.js';

/** By hand: TypeORM would copy the whole table in SQLite, where a column is added at once as elsewhere. */
export class AddSameTransaction1780000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { name, type } = integer(runner, 'same_transaction');
    await runner.query(`ALTER TABLE ${sqlName(runner.dataSource, Task)} ADD COLUMN ${name} ${type} NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ${sqlName(runner.dataSource, Task)} DROP COLUMN same_transaction`);
  }
}
