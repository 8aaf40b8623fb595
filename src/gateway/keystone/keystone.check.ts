import { Injectable } from '@nestjs/common';
import { DependencyCheck } from '../../health/dependency-check.js';
import { KeystoneSession } from './keystone-session.js';
import { KeystoneUnavailable } from './keystone.errors.js';

/** Whether Keystone answers, and accepts this server's credentials. */
@Injectable()
export class KeystoneCheck extends DependencyCheck {
  readonly name = 'keystone';

  constructor(private readonly session: KeystoneSession) {
    super();
  }

  async check(): Promise<void> {
    try {
      await this.session.check();
    } catch (error) {
      throw error instanceof KeystoneUnavailable ? new Error(error.reason) : error;
    }
  }
}
