import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { hash, randomBytes } from 'node:crypto';
import { type DataSource, In, LessThanOrEqual, MoreThan, type Repository } from 'typeorm';
import type { Caller } from '../../identity/caller.js';
import { TokenValidator } from '../../identity/token-validator.js';
import { isAdmin, rolesOf } from './names.js';
import { SimulatedToken } from './simulated-token.entity.js';
import { readConventionToken, TOKEN_LIFETIME_MS, type TokenFacts } from './token-facts.js';

/** Longer than any name, so that an expired token is never taken for the name of a user. */
const TOKEN_BYTES = 60;
const TOKEN = /^[\w-]{80}$/;

/** Expired tokens that are removed when a new one is issued: more than one, so that none remain. */
const REMOVED_AT_ONCE = 100;

/** The owner of a new token. */
export interface TokenRequest {
  userId: string;
  projectId: string | null;
  methods: string[];
  /** Epoch milliseconds; an exchanged token does not outlive the original. @default a day from now */
  expiresAt?: number;
}

/**
 * The tokens of the simulated identity service: those that it has issued, and those by the convention of
 * `readConventionToken`. The database has only their hashes, so all replicas know a token, and reading the database
 * gives no access to one.
 */
@Injectable()
export class SimulatedTokens extends TokenValidator {
  private readonly tokens: Repository<SimulatedToken>;

  constructor(@InjectDataSource() dataSource: DataSource) {
    super();
    this.tokens = dataSource.getRepository(SimulatedToken);
  }

  override async validate(token: string): Promise<Caller | null> {
    const facts = await this.find(token);
    if (facts === null || facts.projectId === null) return null;
    const { userId, projectId } = facts;
    return { userId, projectId, roles: rolesOf(userId), isAdmin: isAdmin(userId) };
  }

  override identityUrl(origin: string): string {
    return `${origin}/identity/v3`;
  }

  /** The facts about a token, also one without a project; `null` for an invalid one. */
  async find(token: string): Promise<TokenFacts | null> {
    if (!TOKEN.test(token)) return readConventionToken(token, Date.now());
    return this.tokens.findOneBy({ hash: hashOf(token), expiresAt: MoreThan(Date.now()) });
  }

  /** Makes a token. It is returned only here, and cannot be read again. */
  async issue(request: TokenRequest): Promise<{ token: string; facts: TokenFacts }> {
    await this.removeExpired();
    const now = Date.now();
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const facts = {
      ...request,
      auditId: randomBytes(16).toString('base64url'),
      issuedAt: now,
      expiresAt: request.expiresAt ?? now + TOKEN_LIFETIME_MS,
    };
    await this.tokens.insert({ hash: hashOf(token), ...facts });
    return { token, facts };
  }

  /** @returns false for a token that was not issued, and so stays valid */
  async revoke(token: string): Promise<boolean> {
    const { affected } = await this.tokens.delete({ hash: hashOf(token) });
    return affected === 1;
  }

  private async removeExpired(): Promise<void> {
    const expired = await this.tokens.find({
      select: { hash: true },
      where: { expiresAt: LessThanOrEqual(Date.now()) },
      take: REMOVED_AT_ONCE,
    });
    if (expired.length > 0) await this.tokens.delete({ hash: In(expired.map(({ hash }) => hash)) });
  }
}

function hashOf(token: string): string {
  return hash('sha256', token);
}
