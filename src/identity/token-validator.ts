import type { RequestUrl } from '../openstack/api-url.js';
import type { Caller } from './caller.js';

/** What a token is to be used for: some are valid for some requests only. */
export interface TokenUse {
  method: string;
  url: RequestUrl;
}

/** The port to whoever knows which tokens are valid. */
export abstract class TokenValidator {
  /**
   * @returns `null` for a token that is not valid, or not for this request
   * @throws ServiceUnavailable when it cannot be found out
   */
  abstract validate(token: string, use: TokenUse): Promise<Caller | null>;

  /** Where clients get a token, for `WWW-Authenticate`; `origin` is this server as the client knows it. */
  abstract identityUrl(origin: string): string;
}
