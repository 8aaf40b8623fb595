import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, bigint, createTable, integer, text, varchar } from '../../../storage/create-table.js';

export class CreateSimulatedKeypairs1780000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'embedded_keypairs',
      [
        integer(runner, 'id', { isPrimary: true, isGenerated: true, generationStrategy: 'increment' }),
        varchar('user_id', 255),
        varchar('name', 255),
        ascii('type', 16),
        ascii('fingerprint', 64),
        text('public_key'),
        bigint('created_at'),
      ],
      [{ name: 'embedded_keypairs_by_name', columnNames: ['user_id', 'name'], isUnique: true }],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('embedded_keypairs');
  }
}
