import 'reflect-metadata';
import { dataSourceOptions } from '@shops/shared';
import { DataSource } from 'typeorm';

const dataSource = await new DataSource(dataSourceOptions()).initialize();
for (const { name } of await dataSource.runMigrations()) console.log(name);
await dataSource.destroy();
