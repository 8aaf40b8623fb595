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
    ['name, without a domain', { name: 'alice', password: 'x' }],
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
    ['no password', { name: 'alice' }],
    ['an empty password', { name: 'alice', password: '' }],
    ['a name that is none', { name: 'al ice', password: 'x' }],
    ['another domain', { name: 'alice', domain: { id: 'other' }, password: 'x' }],
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

  it('never sees its password again', () => {
    const { status, message } = refusalOf(withUser({ name: 'alice', password: { s3cret: 's3cret' } }));
    expect(status).toBe(400);
    expect(message).toBe(
      "Invalid input for field 'identity/password/user/password': it is not of type 'string'",
    );
  });
});
