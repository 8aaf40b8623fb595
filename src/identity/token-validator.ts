import type { RequestUrl } from '../openstack/urls/api-url.js';
import type { Caller } from './caller.js';

/** The request that a token is used for: some tokens are valid for certain requests only. */
export interface TokenUse {
  method: string;
  url: RequestUrl;
}

/** The port to the service that validates tokens. */
export abstract class TokenValidator {
  /**
   * @returns `null` for a token that is invalid, or not valid for this request
   * @throws ServiceUnavailable when the token cannot be checked
   */
  abstract validate(token: string, use: TokenUse): Promise<Caller | null>;

  /** The address where clients get a token, for `WWW-Authenticate`; `origin` is this server as the client knows it. */
  abstract identityUrl(origin: string): string;
}
