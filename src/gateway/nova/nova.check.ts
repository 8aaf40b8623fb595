import { Injectable } from '@nestjs/common';
import { DependencyCheck } from '../../health/dependency-check.js';
import { NovaReader } from './reader/nova-reader.js';

/** Whether Nova answers this server's own user, and shows it the servers of all projects. */
@Injectable()
export class NovaCheck extends DependencyCheck {
  readonly name = 'nova';

  constructor(private readonly reader: NovaReader) {
    super();
  }

  async check(): Promise<void> {
    // The request made most often: a user who may not list the servers of all projects can follow no task.
    const { status } = await this.reader.get('/v2.1/servers?all_tenants=1&limit=1', 1);
    if (status !== 200) throw new Error(`Nova answers this server's user with ${status}`);
  }
}
