import { InvalidSettingError, loadEnvFile, loadSettings } from './load-settings.js';

const DEFAULTS = {
  PORT: 8780,
  HOST: '127.0.0.1',
  DATABASE_URL: 'sqlite:./data/tasktag.sqlite',
  COMPUTE: 'embedded',
  IDENTITY: 'embedded',
  TAG_REUSE: 'group',
  TAG_FROM_REQUEST_ID: false,
  EMBEDDED_TASK_MS: 2000,
  LOG_LEVEL: 'info',
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

describe('a wrong setting stops the start with one line', () => {
  it.each([
    ['PORT', '65536', 'PORT must be a whole number from 0 to 65535, but is "65536".'],
    ['PORT', '-1', 'PORT must be a whole number from 0 to 65535, but is "-1".'],
    ['PORT', '80.5', 'PORT must be a whole number from 0 to 65535, but is "80.5".'],
    ['PORT', '1e3', 'PORT must be a whole number from 0 to 65535, but is "1e3".'],
    ['PORT', '0x50', 'PORT must be a whole number from 0 to 65535, but is "0x50".'],
    ['PORT', 'http', 'PORT must be a whole number from 0 to 65535, but is "http".'],
    ['EMBEDDED_TASK_MS', '2s', 'EMBEDDED_TASK_MS must be a whole number of milliseconds, but is "2s".'],
    [
      'EMBEDDED_TASK_MS',
      '86400001',
      'EMBEDDED_TASK_MS must be at most 86400000 milliseconds, a day, but is "86400001".',
    ],
    [
      'COMPUTE',
      'nova',
      'COMPUTE must be "embedded": this version has no other compute service, but is "nova".',
    ],
    [
      'IDENTITY',
      'Embedded',
      'IDENTITY must be "embedded": this version has no other identity service, but is "Embedded".',
    ],
    ['TAG_REUSE', 'refuse', 'TAG_REUSE must be "group": this version has no other rule, but is "refuse".'],
    [
      'LOG_LEVEL',
      'verbose',
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, but is "verbose".',
    ],
  ])('%s=%s', (name, value, message) => {
    expect(() => loadSettings({ [name]: value })).toThrow(new InvalidSettingError(message));
  });

  it('the first one of several', () => {
    expect(() => loadSettings({ LOG_LEVEL: 'x', PORT: 'y' })).toThrow(/^PORT [^\n]+$/);
  });

  it('for what this version cannot do, without showing what may be a password', () => {
    const message = failure({ NOTIFICATIONS_URL: 'amqp://user:secret@host' });
    expect(message).toMatch(/^NOTIFICATIONS_URL must not be set/);
    expect(message).not.toContain('secret');
  });

  it.each([
    ['sqlite:', 'sqlite:…'],
    ['postgres://user:secret@host/name', 'postgres://…'],
    ['mysql://user:secret@host', 'mysql://…'],
    ['mysql://user:sec/ret@host/name', 'mysql://…'],
    ['mysql://user:secret@host/name?ssl=true', 'mysql://…'],
    ['secret@host/name', '…'],
    ['secret:x@host/name', '…'],
    ['mysql:user:secret@host/name', '…'],
  ])('DATABASE_URL=%s, without showing what may be a password', (url, shown) => {
    expect(failure({ DATABASE_URL: url })).toBe(
      `DATABASE_URL must be sqlite:<path> or mysql://user:password@host:port/name, but is "${shown}".`,
    );
  });
});

it('a missing .env file is no error', () => {
  expect(() => loadEnvFile('/nowhere/.env')).not.toThrow();
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
