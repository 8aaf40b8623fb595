import { catalog } from './catalog.js';
import { DOMAIN, rolesOf } from './names.js';
import type { TokenFacts } from './token-facts.js';

/**
 * A token as clients see it (keystone/common/render_token.py).
 *
 * @param origin of the catalogue's URLs; `null` leaves the catalogue out
 */
export function tokenView(token: TokenFacts, origin: string | null): object {
  const { userId, projectId } = token;
  return {
    token: {
      methods: token.methods,
      user: { id: userId, name: userId, domain: DOMAIN, password_expires_at: null },
      audit_ids: [token.auditId],
      issued_at: keystoneTime(token.issuedAt),
      expires_at: keystoneTime(token.expiresAt),
      ...(projectId !== null && {
        project: { id: projectId, name: projectId, domain: DOMAIN },
        is_domain: false,
        roles: rolesOf(userId).map((name) => ({ id: name, name })),
        ...(origin !== null && { catalog: catalog(origin) }),
      }),
    },
  };
}

/** Keystone gives microseconds. */
function keystoneTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}
