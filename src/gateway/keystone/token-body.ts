import { fieldsOf } from '../fields-of.js';
import type { AccessRule } from './access-rules.js';

/** The facts about a valid token. */
export interface KeystoneToken {
  userId: string;
  /** `null` for a token without a project: unscoped, or of a domain or the system. */
  projectId: string | null;
  roles: string[];
  /** Epoch milliseconds. */
  issuedAt: number;
  /** Epoch milliseconds. */
  expiresAt: number;
  /** The requests that the token is limited to; `null` without a limit. */
  accessRules: AccessRule[] | null;
}

/**
 * Reads the body that Keystone answers on `/v3/auth/tokens` (keystone/common/render_token.py).
 *
 * @returns `null` for a body that is not understood, so that a limit is never overlooked
 */
export function readTokenBody(body: unknown): KeystoneToken | null {
  const token = fieldsOf(fieldsOf(body)['token']);
  const project = token['project'] ?? null;
  const facts = {
    userId: fieldsOf(token['user'])['id'],
    projectId: project === null ? null : fieldsOf(project)['id'],
    roles: listOf(token['roles'] ?? []).map((role) => fieldsOf(role)['name']),
    issuedAt: Date.parse(String(token['issued_at'])),
    expiresAt: Date.parse(String(token['expires_at'])),
    accessRules: readAccessRules(token['application_credential'] ?? {}),
  };
  return isToken(facts) ? facts : null;
}

function isToken(facts: Record<keyof KeystoneToken, unknown>): facts is KeystoneToken {
  return (
    typeof facts.userId === 'string' &&
    (facts.projectId === null || typeof facts.projectId === 'string') &&
    (facts.roles as unknown[]).every((role) => typeof role === 'string') &&
    Number.isFinite(facts.issuedAt) &&
    Number.isFinite(facts.expiresAt) &&
    facts.accessRules !== undefined
  );
}

/** `undefined` if the value is not a list of access rules. */
function readAccessRules(credential: unknown): AccessRule[] | null | undefined {
  if (typeof credential !== 'object') return undefined;
  const rules = fieldsOf(credential)['access_rules'] ?? null;
  if (rules === null) return null;
  return Array.isArray(rules) && rules.every(isAccessRule) ? rules : undefined;
}

function isAccessRule(rule: unknown): rule is AccessRule {
  const { service, method, path } = fieldsOf(rule);
  return [service, method, path].every((part) => typeof part === 'string');
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [undefined];
}
