import { LRUCache } from 'lru-cache';
import { hash as hashOf } from 'node:crypto';
import type { KeystoneToken } from './token-body.js';

/** How long Keystone's answer is reused, in milliseconds: a revoked token lives no longer (`token_cache_time`). */
const CACHE_TIME_MS = 300_000;

/** The most tokens that are remembered. */
const CAPACITY = 10_000;

interface Entry {
  token: KeystoneToken;
  /** Epoch milliseconds from which Keystone is asked again. */
  askAgainAt: number;
}

/**
 * Remembers valid tokens by their hash, so that Keystone is asked about each only once in five minutes; invalid tokens
 * are not remembered. Simultaneous requests share one answer.
 */
export class TokenCache {
  private readonly entries = new LRUCache<string, Entry>({ max: CAPACITY });
  private readonly underWay = new Map<string, Promise<KeystoneToken | null>>();

  /** @param now epoch milliseconds */
  constructor(private readonly now: () => number = Date.now) {}

  /**
   * The facts about a token, from memory or from `ask`.
   *
   * @returns `null` for a token that is invalid or has expired, regardless of the source
   */
  async get(id: string, ask: () => Promise<KeystoneToken | null>): Promise<KeystoneToken | null> {
    const hash = hashOf('sha256', id, 'base64');
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
    // The time before the question, since the answer may be that old.
    const askedAt = this.now();
    const token = await ask();
    if (token === null || token.expiresAt <= this.now()) return null;
    this.entries.set(hash, { token, askAgainAt: Math.min(askedAt + CACHE_TIME_MS, token.expiresAt) });
    return token;
  }
}
