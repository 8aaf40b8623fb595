import 'reflect-metadata';
import { dataSourceOptions } from '@shops/shared';
import { DataSource } from 'typeorm';

async function migrate(): Promise<void> {
  const dataSource = await new DataSource(dataSourceOptions()).initialize();
  for (const { name } of await dataSource.runMigrations()) console.log(name);
  await dataSource.destroy();
}

void migrate();
