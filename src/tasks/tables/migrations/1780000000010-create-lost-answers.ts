import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, bigint, bytes, createTable, nullable } from '../../../storage/create-table.js';
import { UUID } from '../../../storage/width.js';
import { LostAnswer } from '../../lost-answers/lost-answer.entity.js';
import { tableNames } from './table-names.js';

export class CreateLostAnswers1780000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { table, index } = tableNames(runner, LostAnswer);
    await createTable(
      runner,
      table,
      [
        bytes(runner, 'task_uuid', UUID, { isPrimary: true }),
        bigint('lost_at'),
        ascii('given_to', 36, nullable),
      ],
      [{ name: index('lost_answers_by_time'), columnNames: ['lost_at'] }],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(tableNames(runner, LostAnswer).table);
  }
}
