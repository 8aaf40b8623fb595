import { UnusableDatabaseError } from './server-check.js';

/** What `DATABASE_URL` says. */
export type DatabaseUrl = { kind: 'sqlite'; path: string } | { kind: 'mysql'; url: string; database: string };

/**
 * Reads a `DATABASE_URL`.
 *
 * @param url one whose form the settings have checked
 * @throws UnusableDatabaseError when it cannot be read all the same; without the URL, which may hold a password
 */
export function parseDatabaseUrl(url: string): DatabaseUrl {
  if (url.startsWith('sqlite:')) return { kind: 'sqlite', path: url.slice('sqlite:'.length) };
  const database = databaseOf(url);
  if (database === null) {
    throw new UnusableDatabaseError(
      'DATABASE_URL cannot be read. Percent-encode special characters in its user, password and name (# is %23).',
    );
  }
  return { kind: 'mysql', url, database };
}

function databaseOf(url: string): string | null {
  try {
    const { pathname, search, hash } = new URL(url);
    // A bare `?` or `#` in a password ends the host early, and what follows is no path.
    if (search !== '' || hash !== '') return null;
    return decodeURIComponent(pathname.slice(1)) || null;
  } catch {
    return null;
  }
}
