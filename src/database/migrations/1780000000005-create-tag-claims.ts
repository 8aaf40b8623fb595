import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, createTable, text } from './columns.js';

export class CreateTagClaims1780000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'tag_claims',
      [ascii('key', 64, { isPrimary: true }), ascii('task_uuid', 36), text('parts')],
      [{ name: 'tag_claims_by_task', columnNames: ['task_uuid'] }],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('tag_claims');
  }
}
