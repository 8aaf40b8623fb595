import { AuthenticationFailed, InvalidAttribute, MissingAttribute, MissingName } from './identity.errors.js';
import { DOMAIN, isName } from './names.js';

type Fields = Record<string, unknown>;

/** A client's credentials for a token. */
export interface AuthRequest {
  methods: string[];
  /** By the method `password`. Any password will do: there are no secrets in a simulated cloud. */
  userId: string | null;
  /** By the method `token`. */
  token: string | null;
  /** The requested scope. */
  projectId: string | null;
}

/**
 * Reads the body of `POST /v3/auth/tokens` (keystone/auth/schema.py and keystone/auth/core.py).
 *
 * @throws MissingAttribute or InvalidAttribute for a malformed body, AuthenticationFailed for credentials that no user
 *   has
 */
export function readAuthRequest(body: unknown): AuthRequest {
  const auth = isObject(body) ? objectAt(body, 'auth', 'auth') : undefined;
  if (auth === undefined) throw new MissingAttribute('auth', 'request body');
  const identity = objectAt(auth, 'identity', 'identity');
  if (identity === undefined) throw new InvalidAttribute('auth', "'identity' is a required property");

  const methods = readMethods(identity);
  return {
    methods,
    userId: methods.includes('password') ? readPassword(identity) : null,
    token: methods.includes('token') ? readToken(identity) : null,
    projectId: readScope(auth),
  };
}

function readMethods(identity: Fields): string[] {
  const { methods } = identity;
  if (!Array.isArray(methods) || !methods.every((method) => typeof method === 'string')) {
    throw new InvalidAttribute('identity/methods', "it is not an 'array' of 'string'");
  }
  const missing = methods.find((method) => !(method in identity));
  if (missing !== undefined) throw new MissingAttribute(missing, 'identity');
  if (methods.length === 0) throw new AuthenticationFailed();
  if (methods.some((method) => method !== 'password' && method !== 'token')) {
    throw new AuthenticationFailed('Attempted to authenticate with an unsupported method.');
  }
  return [...new Set(methods)];
}

function readPassword(identity: Fields): string {
  const password = objectAt(identity, 'password', 'identity/password');
  if (password === undefined) throw new MissingAttribute('password', 'identity');
  const path = 'identity/password/user';
  const user = objectAt(password, 'user', path);
  if (user === undefined) throw new MissingAttribute('user', 'password');
  const userId = readNamed(user, 'user', path);
  if (!textAt(user, 'password', `${path}/password`)) throw new AuthenticationFailed();
  return userId;
}

function readToken(identity: Fields): string {
  const token = objectAt(identity, 'token', 'identity/token');
  if (token === undefined) throw new MissingAttribute('token', 'identity');
  const id = textAt(token, 'id', 'identity/token/id');
  if (id === undefined) throw new InvalidAttribute('identity/token', "'id' is a required property");
  return id;
}

/** The project of the scope; `null` without one. No user has a role on a domain or the system. */
function readScope(auth: Fields): string | null {
  if (auth['scope'] === undefined || auth['scope'] === 'unscoped') return null;
  const scope = objectAt(auth, 'scope', 'scope') ?? {};
  const kinds = ['project', 'domain', 'system', 'unscoped', 'OS-TRUST:trust'].filter((kind) => kind in scope);
  if (kinds.length !== 1) {
    throw new MissingAttribute('system, project, domain, OS-TRUST:trust or unscoped', 'scope');
  }
  if (kinds[0] === 'unscoped') return null;
  if (kinds[0] === 'domain') nameIn(objectAt(scope, 'domain', 'scope/domain') ?? {}, 'scope/domain');
  if (kinds[0] !== 'project') throw new AuthenticationFailed();
  return readNamed(objectAt(scope, 'project', 'scope/project') ?? {}, 'project', 'scope/project');
}

/** A user or a project, by id or by name, which are the same. A name is valid only with its domain, as in Keystone. */
function readNamed(named: Fields, kind: 'user' | 'project', path: string): string {
  const name = nameIn(named, path);
  if (name === '') throw new MissingAttribute('id or name', kind);
  // If there is also a name, an id is ignored.
  if (named['name'] !== undefined) assertDomain(named, kind, path);
  if (!isName(name)) throw new AuthenticationFailed();
  return name;
}

function assertDomain(named: Fields, kind: string, path: string): void {
  const domain = objectAt(named, 'domain', `${path}/domain`);
  if (domain === undefined) throw new MissingAttribute('domain', kind);
  const isTheOnlyOne =
    domain['name'] === undefined
      ? nameIn(domain, `${path}/domain`) === DOMAIN.id
      : nameIn(domain, `${path}/domain`).toLowerCase() === DOMAIN.name.toLowerCase();
  if (!isTheOnlyOne) throw new AuthenticationFailed();
}

/** The name of an object, or else its id. */
function nameIn(named: Fields, path: string): string {
  const name = textAt(named, 'name', `${path}/name`) ?? textAt(named, 'id', `${path}/id`);
  if (name === undefined) throw new MissingName(path);
  return name;
}

function objectAt(parent: Fields, name: string, path: string): Fields | undefined {
  const value = parent[name];
  if (value === undefined || isObject(value)) return value;
  throw new InvalidAttribute(path, "it is not of type 'object'");
}

function textAt(parent: Fields, name: string, path: string): string | undefined {
  const value = parent[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new InvalidAttribute(path, "it is not of type 'string'");
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
