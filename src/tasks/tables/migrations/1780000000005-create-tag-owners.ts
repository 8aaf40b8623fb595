import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, bytes, createTable, integer, nullable, text } from '../../../storage/create-table.js';
import { SHA256, UUID } from '../../../storage/width.js';
import { TagOwner } from '../../recording/tag-owner.entity.js';
import { tableNames } from './table-names.js';

export class CreateTagOwners1780000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { table, index } = tableNames(runner, TagOwner);
    await createTable(
      runner,
      table,
      [
        bytes(runner, 'tag_key', SHA256, { isPrimary: true }),
        bytes(runner, 'task_uuid', UUID),
        text('parts'),
        integer(runner, 'is_name', nullable),
        ascii('abandonment', 8, nullable),
      ],
      [{ name: index('tag_owners_by_task'), columnNames: ['task_uuid'] }],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(tableNames(runner, TagOwner).table);
  }
}
