import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bytes, createTable } from '../../../storage/create-table.js';
import { UUID, upTo } from '../../../storage/width.js';
import { SUBJECT_BYTES } from '../id-widths.js';
import { TaskSubject } from '../task-subject.entity.js';
import { tableNames } from './table-names.js';

export class CreateTaskSubjects1780000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { table, index } = tableNames(runner, TaskSubject);
    await createTable(
      runner,
      table,
      [
        bytes(runner, 'task_uuid', UUID, { isPrimary: true }),
        bytes(runner, 'subject', upTo(SUBJECT_BYTES), { isPrimary: true }),
      ],
      [{ name: index('task_subjects_by_subject'), columnNames: ['subject'] }],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(tableNames(runner, TaskSubject).table);
  }
}
