import type { KeystoneAccount } from './keystone-account.js';
import { callKeystone, type KeystoneAnswer } from './keystone-http.js';
import { KeystoneUnavailable, OwnCredentialsRefused } from './keystone.errors.js';
import { readTokenBody } from './token-body.js';

interface OwnToken {
  id: string;
  roles: readonly string[];
  /** Epoch milliseconds from which a new one is requested. */
  renewAt: number;
  /** Epoch milliseconds until which it can still be used. */
  goodUntil: number;
}

/** The part of its life after which a token is renewed: six minutes before the end of an hour. */
const RENEW_AFTER = 0.9;

/** The part of its life after which a token is no longer used: it must still reach Nova, and be validated there. */
const GOOD_FOR = 0.98;

/** Milliseconds during which requests do not wait for a Keystone that has just failed to answer. */
const OUTAGE_PAUSE_MS = 1000;

/** Milliseconds before refused credentials are tried again: Keystone may lock a user out after a few failures. */
const REFUSAL_PAUSE_MS = 30_000;

/** Milliseconds that a readiness check waits. */
const CHECK_LIMIT_MS = 2000;

/** Talks to Keystone as this server's own user, and gets and renews its token as needed. */
export class KeystoneSession {
  private own: OwnToken | null = null;
  private renewal: Promise<OwnToken> | null = null;
  /** Why the last log-in failed, and until when no other is tried. */
  private failure: { error: KeystoneUnavailable; until: number } | null = null;

  /** @param now epoch milliseconds */
  constructor(
    private readonly account: KeystoneAccount,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Calls Keystone with this server's token, and once more with a new one if the token is not valid.
   *
   * @param path below `/v3`
   * @throws KeystoneUnavailable
   */
  async get(path: string, headers: Record<string, string>): Promise<KeystoneAnswer> {
    const token = await this.token();
    const answer = await this.getAs(token, path, headers);
    if (answer.status !== 401) return answer;
    this.discard(token);
    const again = await this.getAs(await this.token(), path, headers);
    if (again.status === 401) throw new KeystoneUnavailable(`it refuses a token that it has just issued`);
    return again;
  }

  /**
   * This server's own token. If several requests need a new one, one of them gets it for all.
   *
   * @throws KeystoneUnavailable, or OwnCredentialsRefused
   */
  async token(): Promise<string> {
    return (await this.ownToken()).id;
  }

  /**
   * This server's own token, for a service that lets it vouch for a user whose token expires meanwhile
   * (`X-Service-Token`); `null` without the necessary role, or while Keystone does not answer: the user's token is
   * valid without it.
   *
   * @param accepted the roles that the service accepts; one of them is enough
   */
  async serviceToken(accepted: readonly string[]): Promise<string | null> {
    try {
      const { id, roles } = await this.ownToken();
      return roles.some((role) => accepted.includes(role)) ? id : null;
    } catch (error) {
      if (error instanceof KeystoneUnavailable) return null;
      throw error;
    }
  }

  /** Forgets a token that turned out to be invalid, but not a newer one that another request has got meanwhile. */
  discard(token: string): void {
    if (this.own?.id === token) this.own = null;
  }

  /**
   * Whether Keystone answers now.
   *
   * @throws KeystoneUnavailable with the reason if it does not
   */
  async check(): Promise<void> {
    const { status } = await callKeystone(this.account.url, {}, CHECK_LIMIT_MS);
    if (status !== 200) throw new KeystoneUnavailable(`${this.account.url} answered ${status}`);
    await this.token();
  }

  private async ownToken(): Promise<OwnToken> {
    const now = this.now();
    if (this.own !== null && now < this.own.renewAt) return this.own;
    const renewal = this.renew();
    if (this.own === null || now >= this.own.goodUntil) return renewal;
    // No request waits for a new token while this one is valid.
    renewal.catch(() => undefined);
    return this.own;
  }

  private renew(): Promise<OwnToken> {
    this.renewal ??= this.logIn().finally(() => (this.renewal = null));
    return this.renewal;
  }

  private getAs(token: string, path: string, headers: Record<string, string>): Promise<KeystoneAnswer> {
    return callKeystone(this.account.url + path, { headers: { ...headers, 'X-Auth-Token': token } });
  }

  private async logIn(): Promise<OwnToken> {
    if (this.failure !== null && this.now() < this.failure.until) throw this.failure.error;
    try {
      return await this.askForToken();
    } catch (error) {
      if (error instanceof KeystoneUnavailable) {
        const pause = error instanceof OwnCredentialsRefused ? REFUSAL_PAUSE_MS : OUTAGE_PAUSE_MS;
        this.failure = { error, until: this.now() + pause };
      }
      throw error;
    }
  }

  private async askForToken(): Promise<OwnToken> {
    const { status, headers, body } = await callKeystone(`${this.account.url}/auth/tokens?nocatalog`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(this.account.auth),
    });
    if (status === 401 || status === 403) {
      const { url, description } = this.account;
      throw new OwnCredentialsRefused(`${url} refuses ${description} (${status})`);
    }
    const id = headers.get('x-subject-token');
    const token = readTokenBody(body);
    if (status !== 201 || id === null || token === null) {
      throw new KeystoneUnavailable(`${this.account.url} answered ${status} and no token`);
    }
    // By its lifetime, so that the two clocks need not agree.
    const life = token.expiresAt - token.issuedAt;
    const now = this.now();
    this.own = {
      id,
      roles: token.roles,
      renewAt: now + RENEW_AFTER * life,
      goodUntil: now + GOOD_FOR * life,
    };
    return this.own;
  }
}
