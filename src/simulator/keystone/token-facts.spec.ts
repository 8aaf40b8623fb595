import { readConventionToken, TOKEN_LIFETIME_MS } from './token-facts.js';

describe('a token by the convention of noauth2', () => {
  it.each([
    ['alice:demo', 'alice', 'demo'],
    ['alice:a:b', 'alice', 'a:b'],
    [`${'u'.repeat(64)}:${'p'.repeat(64)}`, 'u'.repeat(64), 'p'.repeat(64)],
    ['~!:{}', '~!', '{}'],
  ])('%s names a user and a project', (token, userId, projectId) => {
    expect(readConventionToken(token, 0)).toMatchObject({ userId, projectId });
  });

  it.each([
    ['nothing', ''],
    ['no colon', 'rubbish'],
    ['no user', ':demo'],
    ['no project', 'alice:'],
    ['a blank', 'al ice:demo'],
    ['a name beyond ASCII', 'älice:demo'],
    ['a control character', 'alice:de\x7fmo'],
    ['a line break', 'alice:demo\n'],
    ['a user of 65 characters', `${'u'.repeat(65)}:demo`],
    ['a project of 65 characters', `alice:${'p'.repeat(65)}`],
  ])('with %s is none', (_what, token) => {
    expect(readConventionToken(token, 0)).toBeNull();
  });

  it('is valid for a day from now on, whenever it is asked for', () => {
    expect(readConventionToken('alice:demo', 5000)).toMatchObject({
      issuedAt: 5000,
      expiresAt: 5000 + TOKEN_LIFETIME_MS,
    });
  });
});
