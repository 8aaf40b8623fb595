import { UnusableDatabaseError } from '../storage/database.errors.js';

/** The address of a database server, and the credentials. */
export interface ServerAddress {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

/** The content of `DATABASE_URL`. */
export type DatabaseUrl = { kind: 'sqlite'; path: string } | { kind: 'mysql'; address: ServerAddress };

/**
 * Reads a `DATABASE_URL`. Both drivers get its parts, not the URL, since each would parse it in its own way.
 *
 * @param url a URL whose form the settings have checked
 * @throws UnusableDatabaseError when it still cannot be parsed; the message does not show the URL
 */
export function parseDatabaseUrl(url: string): DatabaseUrl {
  if (url.startsWith('sqlite:')) return { kind: 'sqlite', path: url.slice('sqlite:'.length) };
  const address = addressOf(url);
  if (address === null) {
    throw new UnusableDatabaseError(
      'DATABASE_URL cannot be read. Percent-encode special characters in user, password and name (# is %23).',
    );
  }
  return { kind: 'mysql', address };
}

function addressOf(url: string): ServerAddress | null {
  try {
    const { hostname, port, username, password, pathname, search, hash } = new URL(url);
    const database = decodeURIComponent(pathname.slice(1));
    // A bare `?` or `#` in a password ends the host early, and the rest is not a path.
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
