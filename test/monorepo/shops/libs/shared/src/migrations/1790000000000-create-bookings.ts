import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

export class CreateBookings1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = [
      { name: 'id', type: 'varchar', length: '36', isPrimary: true },
      { name: 'tenant', type: 'varchar', length: '64' },
      { name: 'name', type: 'varchar', length: '100' },
      { name: 'amount', type: 'int' },
    ];
    await runner.createTable(new Table({ name: 'bookings', columns }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('bookings');
  }
}
