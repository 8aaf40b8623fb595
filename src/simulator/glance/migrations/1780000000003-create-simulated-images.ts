import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ascii, bigint, createTable, text, varchar } from '../../../storage/create-table.js';

export class CreateSimulatedImages1780000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'embedded_images',
      [
        varchar('id', 36, { isPrimary: true }),
        varchar('name', 255),
        varchar('project_id', 64),
        varchar('user_id', 64),
        ascii('status', 16),
        ascii('server_id', 36),
        ascii('base_image_id', 36),
        text('metadata'),
        bigint('created_at'),
        bigint('updated_at'),
      ],
      [{ name: 'embedded_images_by_project', columnNames: ['project_id', 'created_at', 'id'] }],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('embedded_images');
  }
}
