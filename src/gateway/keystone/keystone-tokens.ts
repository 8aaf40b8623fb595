import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import type { Caller } from '../../identity/caller.js';
import { TokenValidator, type TokenUse } from '../../identity/token-validator.js';
import { isAllowed } from './access-rules.js';
import { KeystoneSession } from './keystone-session.js';
import { KeystoneUnavailable } from './keystone.errors.js';
import { type KeystoneToken, readTokenBody } from './token-body.js';
import { TokenCache } from './token-cache.js';

/** The characters in every kind of Keystone token; Keystone is not asked about others. */
const TOKEN = /^[\x21-\x7e]+$/;

/** Validates tokens as keystonemiddleware does (auth_token/__init__.py): by asking Keystone. */
@Injectable()
export class KeystoneTokens extends TokenValidator {
  private readonly logger = new Logger(KeystoneTokens.name);
  private readonly cache = new TokenCache();

  constructor(
    private readonly session: KeystoneSession,
    private readonly settings: Settings,
  ) {
    super();
  }

  override async validate(id: string, use: TokenUse): Promise<Caller | null> {
    if (!TOKEN.test(id)) return null;
    const token = await this.cache.get(id, () => this.ask(id));
    if (token === null || token.projectId === null) return null;
    if (token.accessRules !== null && !isAllowed(token.accessRules, use)) return null;
    const { userId, projectId, roles } = token;
    return { userId, projectId, roles, isAdmin: roles.includes('admin') };
  }

  override identityUrl(): string {
    return this.settings.OS_AUTH_URL;
  }

  private async ask(id: string): Promise<KeystoneToken | null> {
    try {
      return await this.question(id);
    } catch (error) {
      if (error instanceof KeystoneUnavailable)
        this.logger.error(`Tokens cannot be validated: ${error.reason}`);
      throw error;
    }
  }

  private async question(id: string): Promise<KeystoneToken | null> {
    const { status, body } = await this.session.get('/auth/tokens?nocatalog', {
      'X-Subject-Token': id,
      // Without this header, tokens that have access rules count as invalid.
      'OpenStack-Identity-Access-Rules': '1',
    });
    if (status === 404) return null;
    if (status === 403) {
      throw new KeystoneUnavailable(
        'this server’s user may not validate tokens; it needs the role service or admin',
      );
    }
    const token = status === 200 ? readTokenBody(body) : null;
    if (token === null)
      throw new KeystoneUnavailable(`its answer (${status}) to a validation could not be understood`);
    return token;
  }
}
