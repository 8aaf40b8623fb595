import { loadEnvFile, loadSettings } from './load-settings.js';

const DEFAULTS = {
  PORT: 8780,
  HOST: '127.0.0.1',
  AUDIT: 'off',
  DATABASE_URL: 'sqlite:./data/tasktag.sqlite',
  COMPUTE: 'embedded',
  NOVA_URL: '',
  NOVA_MARKER: 'auto',
  NOVA_TIMEOUT_MS: 70_000,
  NOVA_LONGEST_REQUEST_MS: 300_000,
  NOTIFICATIONS_EXCHANGE: 'nova',
  NOTIFICATIONS_TOPIC: 'versioned_notifications',
  NOTIFICATIONS_QUEUE: 'tasktag',
  DATABASE_DOWN: 'pass',
  IDENTITY: 'embedded',
  OS_AUTH_URL: '',
  OS_USERNAME: '',
  OS_PASSWORD: '',
  OS_PROJECT_NAME: '',
  OS_USER_DOMAIN_ID: 'default',
  OS_PROJECT_DOMAIN_ID: 'default',
  OS_APPLICATION_CREDENTIAL_ID: '',
  OS_APPLICATION_CREDENTIAL_SECRET: '',
  SERVICE_TOKEN_ROLES: 'service',
  TAG_REUSE: 'group',
  DUPLICATES: 'refuse',
  LOST_ANSWERS: 'off',
  LOST_ANSWERS_WITHIN: 600_000,
  TAG_FROM: [],
  TAG_FROM_REQUEST_ID: false,
  ENABLE_PROXY_HEADERS_PARSING: false,
  EMBEDDED_TASK_MS: 2000,
  LOG_LEVEL: 'info',
  WORKERS: 1,
  CONSOLE: 'read',
};

describe('the settings', () => {
  it('need nothing to be set', () => {
    expect({ ...loadSettings({}) }).toEqual(DEFAULTS);
  });

  it('take the environment’s values, numbers as numbers', () => {
    const environment = {
      PORT: '0',
      HOST: '::1',
      DATABASE_URL: 'mysql://user:secret@db:3306/tasktag',
      EMBEDDED_TASK_MS: '50',
      LOG_LEVEL: 'debug',
    };
    expect({ ...loadSettings(environment) }).toEqual({
      ...DEFAULTS,
      ...environment,
      PORT: 0,
      EMBEDDED_TASK_MS: 50,
    });
  });

  it('take an empty or blank variable for one that is not set', () => {
    const environment = { PORT: '', HOST: ' ', DATABASE_URL: '', LOG_LEVEL: '\t', NOTIFICATIONS_URL: ' ' };
    expect({ ...loadSettings(environment) }).toEqual(DEFAULTS);
  });

  it('have no port for the operator unless one is set', () => {
    expect(loadSettings({ OPERATOR_PORT: ' ' }).OPERATOR_PORT).toBeUndefined();
    expect(loadSettings({ OPERATOR_PORT: '9090' }).OPERATOR_PORT).toBe(9090);
  });

  it.each([
    ['12h', 43_200_000],
    ['30d', 2_592_000_000],
    ['99999d', 8_639_913_600_000],
  ])('keep tasks for %s', (text, ms) => {
    expect(loadSettings({ TASK_RETENTION: text }).TASK_RETENTION).toBe(ms);
  });

  it.each([
    ['name', ['name']],
    ['metadata:order, name ,request-id', ['metadata:order', 'name', 'request-id']],
    ['metadata:a b:c', ['metadata:a b:c']],
  ])('take tags from %s', (text, places) => {
    expect(loadSettings({ TAG_FROM: text }).TAG_FROM).toEqual(places);
  });

  it('take the older name for tags from request ids', () => {
    expect(loadSettings({ TAG_FROM_REQUEST_ID: '1' }).TAG_FROM).toEqual(['request-id']);
    expect(loadSettings({ TAG_FROM_REQUEST_ID: '1', TAG_FROM: 'request-id,name' }).TAG_FROM).toEqual([
      'request-id',
      'name',
    ]);
  });

  it('give lost answers for some minutes or hours', () => {
    expect(loadSettings({ LOST_ANSWERS_WITHIN: '1m' }).LOST_ANSWERS_WITHIN).toBe(60_000);
    expect(loadSettings({ LOST_ANSWERS_WITHIN: '24h' }).LOST_ANSWERS_WITHIN).toBe(86_400_000);
  });

  it('link servers to any dashboard', () => {
    const link = 'http://[::1]:9999/compute/instance/detail/{id}?tab=log#top';
    expect(loadSettings({ CONSOLE_SERVER_LINK: link }).CONSOLE_SERVER_LINK).toBe(link);
  });

  it('keep tasks for ever unless a time is set', () => {
    expect(loadSettings({}).TASK_RETENTION).toBeUndefined();
  });

  it('do not mind blanks around a value', () => {
    expect(loadSettings({ PORT: ' 80 ', LOG_LEVEL: 'warn\r' })).toMatchObject({
      PORT: 80,
      LOG_LEVEL: 'warn',
    });
  });

  it('take nothing else from the environment', () => {
    expect({ ...loadSettings({ PATH: '/bin', toString: 'x', port: '1' }) }).toEqual(DEFAULTS);
  });

  it.each([
    ['sqlite:./data/tasktag.sqlite'],
    ['sqlite:/var/lib/tasktag.sqlite'],
    ['sqlite::memory:'],
    ['mysql://user:password@host:3306/name'],
    ['mysql://user@host/name'],
    ['mysql://host/name'],
    ['mysql://user:p%40ss%2Fword@[::1]:3306/name'],
  ])('take the database %s', (url) => {
    expect(loadSettings({ DATABASE_URL: url }).DATABASE_URL).toBe(url);
  });
});

it('a missing .env file is no error', () => {
  expect(() => loadEnvFile('/nowhere/.env')).not.toThrow();
});
