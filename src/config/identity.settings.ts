import { IsIn, IsNotEmpty, Matches, ValidateIf } from 'class-validator';
import { ComputeSettings } from './compute.settings.js';

function usesKeystone({ IDENTITY }: IdentitySettings): boolean {
  return IDENTITY === 'keystone';
}

function usesApplicationCredential(settings: IdentitySettings): boolean {
  return usesKeystone(settings) && settings.OS_APPLICATION_CREDENTIAL_ID !== '';
}

function usesPassword(settings: IdentitySettings): boolean {
  return usesKeystone(settings) && settings.OS_APPLICATION_CREDENTIAL_ID === '';
}

/** The identity service, and this server's own user there. */
export class IdentitySettings extends ComputeSettings {
  /** The service that validates tokens. */
  @IsIn(['embedded', 'keystone'], { message: 'must be "embedded" or "keystone"' })
  IDENTITY: 'embedded' | 'keystone' = 'embedded';

  /** Keystone, at the address by which clients reach it, with or without `/v3`. */
  @ValidateIf(usesKeystone)
  @Matches(/^https?:\/\/[^\s"/?#@]+(\/[^\s"?#@]*)?$/, {
    message: 'must be the address of Keystone, such as http://127.0.0.1:5000/v3',
  })
  OS_AUTH_URL = '';

  /** This server's own user, who may validate tokens, with its password and project. */
  @ValidateIf(usesPassword)
  @IsNotEmpty({ message: 'must name a user who may validate tokens' })
  OS_USERNAME = '';

  @ValidateIf(usesPassword)
  @IsNotEmpty({ message: 'must be the password of OS_USERNAME' })
  OS_PASSWORD = '';

  @ValidateIf(usesPassword)
  @IsNotEmpty({ message: 'must name a project of OS_USERNAME, such as service' })
  OS_PROJECT_NAME = '';

  /** Domains of the user and of the project, by id. */
  OS_USER_DOMAIN_ID = 'default';

  OS_PROJECT_DOMAIN_ID = 'default';

  /** An application credential instead of a user and a password. */
  OS_APPLICATION_CREDENTIAL_ID = '';

  @ValidateIf(usesApplicationCredential)
  @IsNotEmpty({ message: 'must be the secret of OS_APPLICATION_CREDENTIAL_ID' })
  OS_APPLICATION_CREDENTIAL_SECRET = '';

  /** The roles with which Nova takes this server's own token as a service token (`service_token_roles` of Nova). */
  @IsNotEmpty({ message: 'must name at least one role' })
  SERVICE_TOKEN_ROLES = 'service';
}
