import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, bigint, createTable, nullable, text } from '../../../storage/create-table.js';

export class CreateSimulatedTokens1780000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'embedded_tokens',
      [
        ascii('hash', 64, { isPrimary: true }),
        ascii('user_id', 64),
        ascii('project_id', 64, nullable),
        text('methods'),
        ascii('audit_id', 32),
        bigint('issued_at'),
        bigint('expires_at'),
      ],
      [{ name: 'embedded_tokens_by_expiry', columnNames: ['expires_at'] }],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('embedded_tokens');
  }
}
