import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { migrationsRun } from '../database/migrations-run.js';
import { DependencyCheck } from './dependency-check.js';

/** Whether the database answers. It must read a table: `SELECT 1` would not notice that there is none. */
@Injectable()
export class DatabaseCheck extends DependencyCheck {
  readonly name = 'database';

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {
    super();
  }

  async check(): Promise<void> {
    await migrationsRun(this.dataSource);
  }
}
