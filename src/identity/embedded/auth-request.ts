import { AuthenticationFailed, InvalidAttribute, MissingAttribute } from './identity.errors.js';
import { DOMAIN, isName } from './names.js';

type Fields = Record<string, unknown>;

/** What a client shows to get a token. */
export interface AuthRequest {
  methods: string[];
  /** By the method `password`. Any password will do: there are no secrets in a simulated cloud. */
  userId: string | null;
  /** By the method `token`. */
  token: string | null;
  /** The scope that is asked for. */
  projectId: string | null;
}

/**
 * Reads the body of `POST /v3/auth/tokens` (keystone/auth/schema.py and keystone/auth/core.py).
 *
 * @throws MissingAttribute or InvalidAttribute for a body of another form, AuthenticationFailed for what no user has
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

function readMethods({ methods }: Fields): string[] {
  if (
    !Array.isArray(methods) ||
    methods.length === 0 ||
    !methods.every((method) => typeof method === 'string')
  ) {
    throw new InvalidAttribute('identity/methods', "it is not an 'array' of 'string'");
  }
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
  const userId = readName(user, path);
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

/** The project of the scope; `null` when none is asked for. Nobody has a role on a domain or the system. */
function readScope(auth: Fields): string | null {
  if (auth['scope'] === undefined || auth['scope'] === 'unscoped') return null;
  const scope = objectAt(auth, 'scope', 'scope') ?? {};
  const kinds = ['project', 'domain', 'system', 'unscoped', 'OS-TRUST:trust'].filter((kind) => kind in scope);
  if (kinds.length !== 1) {
    throw new MissingAttribute('system, project, domain, OS-TRUST:trust or unscoped', 'scope');
  }
  if (kinds[0] === 'unscoped') return null;
  if (kinds[0] !== 'project') throw new AuthenticationFailed();
  return readName(objectAt(scope, 'project', 'scope/project') ?? {}, 'scope/project');
}

/** A user or a project, by id or by name: each is the other. Without a domain, the only one is meant. */
function readName(named: Fields, path: string): string {
  const name = textAt(named, 'id', `${path}/id`) ?? textAt(named, 'name', `${path}/name`);
  if (name === undefined) {
    throw new InvalidAttribute(path, 'id or name must be present.');
  }
  const domain = objectAt(named, 'domain', `${path}/domain`) ?? DOMAIN;
  const domainName =
    textAt(domain, 'id', `${path}/domain/id`) ?? textAt(domain, 'name', `${path}/domain/name`);
  if (domainName === undefined) throw new InvalidAttribute(`${path}/domain`, 'id or name must be present.');
  if (!isName(name) || domainName.toLowerCase() !== DOMAIN.id) throw new AuthenticationFailed();
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
