import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { Settings } from '../config/settings.js';
import { dataSourceOptions, type Schema } from './data-source-options.js';
import { openDataSource } from './open-data-source.js';

/** Opens the database of `DATABASE_URL` and brings its schema up to date. */
@Module({})
export class DatabaseModule {
  static forRoot(schema: Schema): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [Settings],
          useFactory: async (settings: Settings) => ({
            ...(await dataSourceOptions(settings.DATABASE_URL, schema)),
            retryAttempts: 0,
          }),
          dataSourceFactory: (options) => openDataSource(options as DataSourceOptions),
        }),
      ],
    };
  }
}
