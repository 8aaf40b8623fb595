import type { Caller } from './caller.js';

/** The port to whoever knows which tokens are valid. */
export abstract class TokenValidator {
  /** @returns `null` for a token that is not valid */
  abstract validate(token: string): Promise<Caller | null>;

  /** Where clients get a token, for `WWW-Authenticate`; `origin` is this server as the client knows it. */
  abstract identityUrl(origin: string): string;
}
