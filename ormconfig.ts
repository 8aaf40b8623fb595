// For TypeORM's command line: node --import tsx node_modules/typeorm/cli.js migration:show -d ormconfig.ts
import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { SCHEMA } from './src/schema.js';
import { loadEnvFile, loadSettings } from './src/config/load-settings.js';
import { dataSourceOptions } from './src/database/data-source-options.js';

loadEnvFile();
export default new DataSource(await dataSourceOptions(loadSettings(process.env).DATABASE_URL, SCHEMA));
