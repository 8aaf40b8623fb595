import { hash } from 'node:crypto';
import { isName } from './names.js';

/** How long a token is valid, in milliseconds. */
export const TOKEN_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** The facts about a valid token. */
export interface TokenFacts {
  userId: string;
  /** `null` for a token without a project; the compute service does not accept it. */
  projectId: string | null;
  methods: string[];
  auditId: string;
  /** Epoch milliseconds. */
  issuedAt: number;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/**
 * Reads a token by the convention of Nova's noauth2 (nova/api/openstack/auth.py): `user:project`. Unlike there, the
 * project is required: otherwise any text would be a token, and a client with a wrong one would get no error.
 *
 * @returns `null` for anything that cannot be such a token
 */
export function readConventionToken(token: string, now: number): TokenFacts | null {
  const colon = token.indexOf(':');
  if (colon === -1) return null;
  const [userId, projectId] = [token.slice(0, colon), token.slice(colon + 1)];
  if (!isName(userId) || !isName(projectId)) return null;
  return {
    userId,
    projectId,
    methods: ['password'],
    auditId: hash('sha256', token, 'base64url').slice(0, 22),
    issuedAt: now,
    expiresAt: now + TOKEN_LIFETIME_MS,
  };
}
