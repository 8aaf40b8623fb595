import { Global, Logger, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { InvalidSettingError } from '../../config/load-settings.js';
import { Settings } from '../../config/settings.js';
import { TokenValidator } from '../../identity/token-validator.js';
import { readAccount } from './keystone-account.js';
import { KeystoneSession } from './keystone-session.js';
import { KeystoneTokens } from './keystone-tokens.js';
import { KeystoneCheck } from './keystone.check.js';
import { KeystoneUnavailable, OwnCredentialsRefused } from './keystone.errors.js';

/** Validates tokens with a real Keystone. */
@Global()
@Module({
  providers: [
    {
      provide: KeystoneSession,
      useFactory: (settings: Settings) => new KeystoneSession(readAccount(settings)),
      inject: [Settings],
    },
    { provide: TokenValidator, useClass: KeystoneTokens },
    KeystoneCheck,
  ],
  exports: [TokenValidator, KeystoneSession, KeystoneCheck],
})
export class KeystoneIdentityModule implements OnApplicationBootstrap {
  private readonly logger = new Logger(KeystoneIdentityModule.name);

  constructor(private readonly session: KeystoneSession) {}

  /**
   * Wrong credentials are detected at the start. A Keystone that does not answer yet delays only requests: the two may
   * be started in any order.
   *
   * @throws InvalidSettingError when Keystone refuses the credentials
   */
  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.session.token();
    } catch (error) {
      if (error instanceof OwnCredentialsRefused) {
        throw new InvalidSettingError(`Keystone at ${error.reason}. Check the settings OS_*.`);
      }
      if (!(error instanceof KeystoneUnavailable)) throw error;
      this.logger.warn(`Requests are answered 503 until Keystone answers: ${error.reason}`);
    }
  }
}
