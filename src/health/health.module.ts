import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DatabaseCheck } from './database.check.js';
import { DEPENDENCY_CHECKS, type DependencyCheck } from './dependency-check.js';
import { MigrationsCheck } from './migrations.check.js';
import { Readiness } from './readiness.js';

const OWN = [DatabaseCheck, MigrationsCheck];

/** Reports whether the application can do its work. */
@Module({})
export class HealthModule {
  /**
   * @param checks further dependencies besides the database: classes that global modules export
   */
  static forRoot(checks: Type<DependencyCheck>[] = []): DynamicModule {
    return {
      module: HealthModule,
      global: true,
      // Terminus would log every answer that is not "ready".
      imports: [TerminusModule.forRoot({ logger: false })],
      providers: [
        ...OWN,
        {
          provide: DEPENDENCY_CHECKS,
          inject: [...OWN, ...checks],
          useFactory: (...all: DependencyCheck[]) => all,
        },
        Readiness,
      ],
      exports: [Readiness],
    };
  }
}
