import { UnusableDatabaseError } from '../storage/database.errors.js';

/** Where a database server is, and who asks. */
export interface ServerAddress {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

/** What `DATABASE_URL` says. */
export type DatabaseUrl = { kind: 'sqlite'; path: string } | { kind: 'mysql'; address: ServerAddress };

/**
 * Reads a `DATABASE_URL`. Both drivers get its parts, not the URL, which each of them would read in its own way.
 *
 * @param url one whose form the settings have checked
 * @throws UnusableDatabaseError when it cannot be read all the same; it does not show the URL
 */
export function parseDatabaseUrl(url: string): DatabaseUrl {
  if (url.startsWith('sqlite:')) return { kind: 'sqlite', path: url.slice('sqlite:'.length) };
  const address = addressOf(url);
  if (address === null) {
    throw new UnusableDatabaseError(
      'DATABASE_URL cannot be read. Percent-encode what is special in user, password and name (# is %23).',
    );
  }
  return { kind: 'mysql', address };
}

function addressOf(url: string): ServerAddress | null {
  try {
    const { hostname, port, username, password, pathname, search, hash } = new URL(url);
    const database = decodeURIComponent(pathname.slice(1));
    // A bare `?` or `#` in a password ends the host early, and what follows is no path.
    if (search !== '' || hash !== '' || database === '') return null;
    return {
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? 3306 : Number(port),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database,
    };
  } catch {
    return null;
  }
}
