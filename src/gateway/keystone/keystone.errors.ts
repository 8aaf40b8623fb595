import { ServiceUnavailable } from '../../openstack/faults.js';

/**
 * Keystone does not answer. Clients read keystonemiddleware's words (auth_token/__init__.py); `reason` is for the
 * operator, and contains no secret.
 */
export class KeystoneUnavailable extends ServiceUnavailable {
  constructor(readonly reason: string) {
    super('The Keystone service is temporarily unavailable.');
  }
}

/** Keystone answers, but refuses the credentials of this server: trying again would not help. */
export class OwnCredentialsRefused extends KeystoneUnavailable {}
