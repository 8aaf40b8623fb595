import { readTokenBody } from './token-body.js';

const RULE = { id: '1', service: 'compute', method: 'GET', path: '/v2.1/servers' };

const TOKEN = {
  user: { id: 'u', name: 'alice' },
  project: { id: 'p', name: 'alpha' },
  roles: [{ id: 'r', name: 'member' }],
  issued_at: '2026-01-01T00:00:00.000000Z',
  expires_at: '2026-01-01T01:00:00.000000Z',
};

function read(changes: object = {}) {
  return readTokenBody({ token: { ...TOKEN, ...changes } });
}

describe('what Keystone says of a token', () => {
  it('is who, where, until when, and what for', () => {
    expect(read()).toEqual({
      userId: 'u',
      projectId: 'p',
      roles: ['member'],
      issuedAt: Date.UTC(2026, 0, 1),
      expiresAt: Date.UTC(2026, 0, 1, 1),
      accessRules: null,
    });
  });

  it('may be without a project', () => {
    expect(read({ project: undefined, roles: undefined })).toMatchObject({ projectId: null, roles: [] });
    expect(read({ project: undefined, system: { all: true } })).toMatchObject({ projectId: null });
  });

  it('may have access rules, also none', () => {
    expect(read({ application_credential: { id: 'c' } })?.accessRules).toBeNull();
    expect(read({ application_credential: { access_rules: [RULE] } })?.accessRules).toEqual([RULE]);
    expect(read({ application_credential: { access_rules: [] } })?.accessRules).toEqual([]);
  });

  it.each([
    ['access rules that are no list', { application_credential: { access_rules: 'all' } }],
    [
      'an access rule without a path',
      { application_credential: { access_rules: [{ ...RULE, path: null }] } },
    ],
    ['a credential that is none', { application_credential: 'x' }],
    ['no user', { user: undefined }],
    ['a project without an id', { project: {} }],
    ['roles that are none', { roles: 'admin' }],
    ['no end', { expires_at: undefined }],
    ['an end that is no time', { expires_at: 'never' }],
  ])('is not understood with %s', (_what, changes) => {
    expect(read(changes)).toBeNull();
  });

  it.each([null, 'text', [], {}, { token: null }, { token: [] }])('is not %j', (body) => {
    expect(readTokenBody(body)).toBeNull();
  });
});
