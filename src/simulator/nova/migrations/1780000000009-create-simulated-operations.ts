import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, bigint, createTable, nullable, text } from '../../../storage/create-table.js';

export class CreateSimulatedOperations1780000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'embedded_operations',
      [
        ascii('id', 48, { isPrimary: true }),
        ascii('task_uuid', 36),
        ascii('server_id', 36, nullable),
        ascii('task', 64),
        ascii('state', 16),
        bigint('due_at', nullable),
        text('detail'),
        text('resource'),
        text('fault', nullable),
      ],
      [
        { name: 'embedded_operations_by_task', columnNames: ['task_uuid'] },
        { name: 'embedded_operations_by_server', columnNames: ['server_id'] },
        { name: 'embedded_operations_by_due_at', columnNames: ['due_at'] },
      ],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('embedded_operations');
  }
}
