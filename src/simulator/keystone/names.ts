/** The one domain, which holds all users and projects. */
export const DOMAIN = { id: 'default', name: 'Default' };

/**
 * Whether something is the name of a user or a project. Nobody has to make them first: whatever is a name is one.
 * A name is its own id.
 */
export function isName(text: string): boolean {
  return /^[\x21-\x7e]{1,64}$/.test(text);
}

/** The user who may do what Nova leaves to administrators. */
export function isAdmin(userId: string): boolean {
  return userId === 'admin';
}

const MEMBER = ['member', 'reader'];

/** Names of the roles that a user has on every project. */
export function rolesOf(userId: string): string[] {
  return isAdmin(userId) ? ['admin', ...MEMBER] : MEMBER;
}
