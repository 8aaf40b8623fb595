import { type DynamicModule, Module } from '@nestjs/common';
import { Settings } from './settings.js';

/** Provides the checked settings as `Settings`. Nothing else reads the environment. */
@Module({})
export class ConfigModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: Settings, useValue: settings }],
      exports: [Settings],
    };
  }
}
