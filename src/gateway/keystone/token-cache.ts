import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { KeystoneToken } from './token-body.js';

/** How long Keystone's word counts, in milliseconds: so long, at most, a revoked token lives (`token_cache_time`). */
const CACHE_TIME_MS = 300_000;

/** Tokens that are remembered at most. */
const CAPACITY = 10_000;

interface Entry {
  token: KeystoneToken;
  /** Epoch milliseconds from which Keystone is asked again. */
  askAgainAt: number;
}

/**
 * Remembers valid tokens by their hash, so that Keystone is asked once in five minutes for each; what was not valid
 * is not remembered. Requests that ask at the same time share one answer.
 */
export class TokenCache {
  private readonly entries = new LRUCache<string, Entry>({ max: CAPACITY });
  private readonly underWay = new Map<string, Promise<KeystoneToken | null>>();

  /** @param now epoch milliseconds */
  constructor(private readonly now: () => number = Date.now) {}

  /**
   * What is known of a token, else what `ask` says of it.
   *
   * @returns `null` for a token that is not valid or has expired, whoever says otherwise
   */
  async get(id: string, ask: () => Promise<KeystoneToken | null>): Promise<KeystoneToken | null> {
    const hash = createHash('sha256').update(id).digest('base64');
    const entry = this.entries.get(hash);
    if (entry !== undefined && this.now() < entry.askAgainAt) return entry.token;
    const asked = this.underWay.get(hash) ?? this.ask(hash, ask);
    return asked;
  }

  private ask(hash: string, ask: () => Promise<KeystoneToken | null>): Promise<KeystoneToken | null> {
    const asked = this.remember(hash, ask).finally(() => this.underWay.delete(hash));
    this.underWay.set(hash, asked);
    return asked;
  }

  private async remember(
    hash: string,
    ask: () => Promise<KeystoneToken | null>,
  ): Promise<KeystoneToken | null> {
    this.entries.delete(hash);
    // From before the question: the answer may be as old.
    const askedAt = this.now();
    const token = await ask();
    if (token === null || token.expiresAt <= this.now()) return null;
    this.entries.set(hash, { token, askAgainAt: Math.min(askedAt + CACHE_TIME_MS, token.expiresAt) });
    return token;
  }
}
