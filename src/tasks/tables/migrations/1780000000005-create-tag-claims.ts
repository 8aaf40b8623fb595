import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TagClaim } from '../../recording/tag-claim.entity.js';
import { tableNames } from './table-names.js';
import { ascii, createTable, text } from '../../../storage/create-table.js';

export class CreateTagClaims1780000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { table, index } = tableNames(runner, TagClaim);
    await createTable(
      runner,
      table,
      [ascii('key', 64, { isPrimary: true }), ascii('task_uuid', 36), text('parts')],
      [{ name: index('tag_claims_by_task'), columnNames: ['task_uuid'] }],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(tableNames(runner, TagClaim).table);
  }
}
