import { ApiError } from '../../errors/api-error.js';
import { readAuthRequest } from './auth-request.js';

const DEFAULT = { id: 'default' };

function withUser(user: unknown, scope?: unknown): object {
  const identity = { methods: ['password'], password: { user } };
  return { auth: { identity, ...(scope !== undefined && { scope }) } };
}

function withScope(scope: unknown): object {
  return withUser({ name: 'alice', domain: DEFAULT, password: 'x' }, scope);
}

function refusalOf(body: unknown): { status: number; message: string } {
  try {
    readAuthRequest(body);
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, message: error.message };
    throw error;
  }
  throw new Error('It was not refused.');
}

describe('a request for a token', () => {
  it.each([
    ['name', { name: 'alice', domain: DEFAULT, password: 'x' }],
    ['name, in the domain by name', { name: 'alice', domain: { name: 'Default' }, password: 'x' }],
    ['id', { id: 'alice', password: 'x' }],
  ])('may give the user by %s', (_what, user) => {
    expect(readAuthRequest(withUser(user))).toEqual({
      methods: ['password'],
      userId: 'alice',
      token: null,
      projectId: null,
    });
  });

  it.each([
    ['a project by name', { project: { name: 'demo', domain: DEFAULT } }, 'demo'],
    ['a project by id', { project: { id: 'demo' } }, 'demo'],
    ['none, in words', 'unscoped', null],
    ['none, as old clients say it', { unscoped: {} }, null],
  ])('may ask for the scope of %s', (_what, scope, projectId) => {
    expect(readAuthRequest(withScope(scope)).projectId).toBe(projectId);
  });

  it('may show a token', () => {
    const body = { auth: { identity: { methods: ['token'], token: { id: 'abc' } } } };
    expect(readAuthRequest(body)).toEqual({
      methods: ['token'],
      userId: null,
      token: 'abc',
      projectId: null,
    });
  });

  it.each([
    ['no password', { id: 'alice' }],
    ['an empty password', { id: 'alice', password: '' }],
    ['a name that is none', { id: 'al ice', password: 'x' }],
    ['another domain', { name: 'alice', domain: { id: 'other' }, password: 'x' }],
    ['the id of a domain in capitals', { name: 'alice', domain: { id: 'Default' }, password: 'x' }],
  ])('is not let in with %s', (_what, user) => {
    expect(refusalOf(withUser(user))).toEqual({
      status: 401,
      message: 'The request you have made requires authentication.',
    });
  });

  it.each([
    ['a domain', { domain: DEFAULT }],
    ['the system', { system: { all: true } }],
    ['a project in another domain', { project: { name: 'demo', domain: { id: 'other' } } }],
  ])('is not let in with the scope of %s', (_what, scope) => {
    expect(refusalOf(withScope(scope)).status).toBe(401);
  });

  it('is told when it tries another method', () => {
    const identity = { methods: ['totp'], totp: {} };
    expect(refusalOf({ auth: { identity } })).toEqual({
      status: 401,
      message: 'Attempted to authenticate with an unsupported method.',
    });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['no auth', {}],
    ['no identity', { auth: {} }],
    ['no methods', { auth: { identity: {} } }],
    ['methods that are no list', { auth: { identity: { methods: 'password' } } }],
    ['no password where one is announced', { auth: { identity: { methods: ['password'] } } }],
    ['no token where one is announced', { auth: { identity: { methods: ['token'] } } }],
    ['a token without an id', { auth: { identity: { methods: ['token'], token: {} } } }],
    ['no user', { auth: { identity: { methods: ['password'], password: {} } } }],
    ['a user without a name', withUser({ password: 'x' })],
    ['two scopes', withScope({ project: { id: 'demo' }, system: { all: true } })],
    ['an empty scope', withScope({})],
    ['a scope that is null', withScope(null)],
    ['a project without a name', withScope({ project: {} })],
  ])('is malformed with %s', (_what, body) => {
    expect(refusalOf(body).status).toBe(400);
  });

  const MALFORMED =
    'The server could not comply with the request since it is either malformed or otherwise incorrect. ' +
    'The client is assumed to be in error.';

  it.each([
    ['a user by name', withUser({ name: 'alice', password: 'x' }), 'domain in user'],
    ['a user by name and id', withUser({ id: 'x', name: 'alice', password: 'x' }), 'domain in user'],
    ['a project by name', withScope({ project: { name: 'demo' } }), 'domain in project'],
    ['a user of no name', withUser({ name: '', password: 'x' }), 'id or name in user'],
    ['an unknown method', { auth: { identity: { methods: ['foo'] } } }, 'foo in identity'],
  ])('is refused as by Keystone with %s alone', (_what, body, missing) => {
    expect(refusalOf(body)).toEqual({ status: 400, message: `Expecting to find ${missing}. ${MALFORMED}` });
  });

  it.each([
    ['a domain', withUser({ name: 'alice', domain: {}, password: 'x' }), 'identity/password/user/domain'],
    ['a project’s domain', withScope({ project: { name: 'demo', domain: {} } }), 'scope/project/domain'],
    ['a scope’s domain', withScope({ domain: {} }), 'scope/domain'],
  ])('is refused as by Keystone with %s of no name', (_what, body, field) => {
    const message = `Invalid input for field ${field}: id or name must be present.`;
    expect(refusalOf(body)).toEqual({ status: 400, message });
  });

  it('is not let in by no method at all', () => {
    expect(refusalOf({ auth: { identity: { methods: [] } } }).status).toBe(401);
  });

  it('never sees its password again', () => {
    const { status, message } = refusalOf(withUser({ id: 'alice', password: { s3cret: 's3cret' } }));
    expect(status).toBe(400);
    expect(message).toBe(
      "Invalid input for field 'identity/password/user/password': it is not of type 'string'",
    );
  });
});
