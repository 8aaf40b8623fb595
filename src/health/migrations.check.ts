import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { missingMigrations } from '../database/migrations-run.js';
import { DependencyCheck } from './dependency-check.js';

/**
 * Whether the schema is the one that this program needs. Unknown migrations do no harm: a newer replica has run them,
 * in a rolling upgrade.
 */
@Injectable()
export class MigrationsCheck extends DependencyCheck {
  readonly name = 'migrations';

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {
    super();
  }

  async check(): Promise<void> {
    const missing = await missingMigrations(this.dataSource);
    if (missing.length > 0) throw new Error(`migrations not run: ${missing.join(', ')}`);
  }
}
