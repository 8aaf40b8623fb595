import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { Settings } from '../config/settings.js';
import { dataSourceOptions } from './data-source-options.js';

/** Opens the database of `DATABASE_URL` and brings its schema up to date. */
@Module({})
export class DatabaseModule {
  static forRoot(entities: NonNullable<DataSourceOptions['entities']>): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [Settings],
          useFactory: async (settings: Settings) => ({
            ...(await dataSourceOptions(settings.DATABASE_URL, entities)),
            migrationsRun: true,
            retryAttempts: 0,
          }),
        }),
      ],
    };
  }
}
