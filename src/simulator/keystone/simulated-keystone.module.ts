import { Global, Logger, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { TokenValidator } from '../../identity/token-validator.js';
import { DirectoryController } from './directory.controller.js';
import { IdentityVersionsController } from './identity-versions.controller.js';
import { SimulatedToken } from './simulated-token.entity.js';
import { SimulatedTokens } from './simulated-tokens.js';
import { TokensController } from './tokens.controller.js';
import { UnknownIdentityRouteController } from './unknown-identity-route.controller.js';

/** The entities that the host's data source must know. */
export const SIMULATED_KEYSTONE_ENTITIES = [SimulatedToken];

const LOOPBACK = /^(127(\.\d+){3}|::1|localhost)$/;

/** A small Keystone: any user and project name is valid, and so is any password. */
@Global()
@Module({
  providers: [SimulatedTokens, { provide: TokenValidator, useExisting: SimulatedTokens }],
  controllers: [
    IdentityVersionsController,
    TokensController,
    DirectoryController,
    UnknownIdentityRouteController,
  ],
  exports: [TokenValidator],
})
export class SimulatedKeystoneModule implements OnApplicationBootstrap {
  private readonly logger = new Logger(SimulatedKeystoneModule.name);

  constructor(private readonly settings: Settings) {}

  onApplicationBootstrap(): void {
    const { HOST } = this.settings;
    if (LOOPBACK.test(HOST)) return;
    this.logger.warn(
      `HOST is ${HOST}, and the simulated identity service lets anyone in, under any name and with any password. ` +
        'Listen on 127.0.0.1, or open the port only to people who may do everything.',
    );
  }
}
