import { Global, Logger, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { TokenValidator } from '../token-validator.js';
import { DirectoryController } from './directory.controller.js';
import { EmbeddedToken } from './embedded-token.entity.js';
import { EmbeddedTokens } from './embedded-tokens.js';
import { IdentityVersionsController } from './identity-versions.controller.js';
import { TokensController } from './tokens.controller.js';
import { UnknownIdentityRouteController } from './unknown-identity-route.controller.js';

/** The entities that the host's data source must know. */
export const EMBEDDED_IDENTITY_ENTITIES = [EmbeddedToken];

const LOOPBACK = /^(127(\.\d+){3}|::1|localhost)$/;

/** A small Keystone: users and projects are whatever clients call them, and any password will do. */
@Global()
@Module({
  providers: [EmbeddedTokens, { provide: TokenValidator, useExisting: EmbeddedTokens }],
  controllers: [
    IdentityVersionsController,
    TokensController,
    DirectoryController,
    UnknownIdentityRouteController,
  ],
  exports: [TokenValidator],
})
export class EmbeddedIdentityModule implements OnApplicationBootstrap {
  private readonly logger = new Logger(EmbeddedIdentityModule.name);

  constructor(private readonly settings: Settings) {}

  onApplicationBootstrap(): void {
    const { HOST } = this.settings;
    if (LOOPBACK.test(HOST)) return;
    this.logger.warn(
      `HOST is ${HOST}, and the embedded identity service lets anybody in, under any name and with any password. ` +
        'Listen on 127.0.0.1, or let only those reach the port who may do everything.',
    );
  }
}
