/** The one domain, which holds all users and projects. */
export const DOMAIN = { id: 'default', name: 'Default' };

/**
 * Whether a text is the name of a user or a project. They need not be created first: every valid name exists. A name is
 * its own id.
 */
export function isName(text: string): boolean {
  return /^[\x21-\x7e]{1,64}$/.test(text);
}

/** The user who may do things that Nova reserves for administrators. */
export function isAdmin(userId: string): boolean {
  return userId === 'admin';
}

const MEMBER = ['member', 'reader'];

/** The user who may only read. */
const READER = 'reader';

/** Names of the roles that a user has on every project. */
export function rolesOf(userId: string): string[] {
  if (userId === READER) return [READER];
  return isAdmin(userId) ? ['admin', ...MEMBER] : MEMBER;
}
