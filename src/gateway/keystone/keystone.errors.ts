import { ServiceUnavailable } from '../../openstack/faults.js';

/**
 * Keystone cannot be asked. Clients read keystonemiddleware's words (auth_token/__init__.py); `reason` is for the
 * operator, and has no secret in it.
 */
export class KeystoneUnavailable extends ServiceUnavailable {
  constructor(readonly reason: string) {
    super('The Keystone service is temporarily unavailable.');
  }
}

/** Keystone answers, but refuses the credentials of this server: no later attempt will do better. */
export class OwnCredentialsRefused extends KeystoneUnavailable {}
