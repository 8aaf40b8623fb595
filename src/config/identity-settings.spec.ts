import { InvalidSettingError, loadSettings } from './load-settings.js';

describe('with IDENTITY=keystone', () => {
  const URL_ONLY = { IDENTITY: 'keystone', OS_AUTH_URL: 'http://127.0.0.1:5000/v3' };
  const PASSWORD = { OS_USERNAME: 'tasktag', OS_PASSWORD: 'secret', OS_PROJECT_NAME: 'service' };
  const CREDENTIAL = { OS_APPLICATION_CREDENTIAL_ID: 'id', OS_APPLICATION_CREDENTIAL_SECRET: 'secret' };

  it.each([
    ['a password', PASSWORD],
    ['a password and domains', { ...PASSWORD, OS_USER_DOMAIN_ID: 'a', OS_PROJECT_DOMAIN_ID: 'b' }],
    ['an application credential', CREDENTIAL],
    ['both, of which the application credential counts', { ...PASSWORD, ...CREDENTIAL }],
  ])('the server’s own user may have %s', (_what, own) => {
    expect(loadSettings({ ...URL_ONLY, ...own })).toMatchObject({ ...URL_ONLY, ...own });
  });

  it.each(['http://keystone:5000', 'https://cloud.example/identity/v3/', 'http://[::1]:5000/v3'])(
    'Keystone may be at %s',
    (url) => {
      expect(loadSettings({ ...URL_ONLY, ...PASSWORD, OS_AUTH_URL: url }).OS_AUTH_URL).toBe(url);
    },
  );

  it.each([
    [
      'OS_AUTH_URL',
      PASSWORD,
      'OS_AUTH_URL must be the address of Keystone, such as http://127.0.0.1:5000/v3, but is not set.',
    ],
    [
      'OS_USERNAME',
      { ...URL_ONLY, ...PASSWORD },
      'OS_USERNAME must name a user who may validate tokens, but is not set.',
    ],
    [
      'OS_PASSWORD',
      { ...URL_ONLY, ...PASSWORD },
      'OS_PASSWORD must be the password of OS_USERNAME, but is not set.',
    ],
    [
      'OS_PROJECT_NAME',
      { ...URL_ONLY, ...PASSWORD },
      'OS_PROJECT_NAME must name a project of OS_USERNAME, such as service, but is not set.',
    ],
    [
      'OS_APPLICATION_CREDENTIAL_SECRET',
      { ...URL_ONLY, ...CREDENTIAL },
      'OS_APPLICATION_CREDENTIAL_SECRET must be the secret of OS_APPLICATION_CREDENTIAL_ID, but is not set.',
    ],
  ])('%s must be set', (name, others, message) => {
    expect(failure({ IDENTITY: 'keystone', ...others, [name]: '' })).toBe(message);
  });

  it.each(['http://tasktag:secret@keystone:5000', 'secret', 'http://keystone/v3?secret', 'ftp://secret'])(
    'OS_AUTH_URL must not be %s, which is not shown',
    (url) => {
      const message = failure({ ...URL_ONLY, ...PASSWORD, OS_AUTH_URL: url });
      expect(message).toMatch(/^OS_AUTH_URL must be the address of Keystone/);
      expect(message).not.toContain('secret');
    },
  );

  it('without it, what a shell has set for other clients does not matter', () => {
    expect(loadSettings({ OS_AUTH_URL: 'nonsense', OS_USERNAME: 'me' }).IDENTITY).toBe('embedded');
  });
});

function failure(environment: NodeJS.ProcessEnv): string {
  try {
    loadSettings(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidSettingError);
    return (error as Error).message;
  }
  return 'no error';
}
