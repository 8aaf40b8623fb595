import { InvalidSettingError, loadSettings } from './load-settings.js';

describe('a wrong setting stops the start with one line', () => {
  it.each([
    ['CONSOLE', 'on', 'CONSOLE must be "off", "read" or "full", but is "on".'],
    ...['https://h/instances', 'javascript:alert({id})', 'https://me:pw@h/{id}'].map(
      (link): [string, string, string] => [
        'CONSOLE_SERVER_LINK',
        link,
        `CONSOLE_SERVER_LINK must be an http or https address with {id}, such as https://horizon.example/project/instances/{id}/, but is "${link}".`,
      ],
    ),
    ['DUPLICATES', 'merge', 'DUPLICATES must be "refuse" or "answer", but is "merge".'],
    ['LOST_ANSWERS', 'on', 'LOST_ANSWERS must be "off" or "answer", but is "on".'],
    ['LOST_ANSWERS_WITHIN', '25h', 'LOST_ANSWERS_WITHIN must be at most 24h, but is "90000000".'],
    [
      'LOST_ANSWERS_WITHIN',
      '1d',
      'LOST_ANSWERS_WITHIN must be a number of minutes or hours, such as 10m or 1h, but is "1d".',
    ],
    [
      'TAG_FROM',
      'name,title',
      'TAG_FROM must be a list of "metadata:<key>", "name" and "request-id", separated by commas, but is "name,title".',
    ],
    [
      'TAG_FROM',
      'metadata:',
      'TAG_FROM must be a list of "metadata:<key>", "name" and "request-id", separated by commas, but is "metadata:".',
    ],
    ['PORT', '65536', 'PORT must be a whole number from 0 to 65535, but is "65536".'],
    ['PORT', '-1', 'PORT must be a whole number from 0 to 65535, but is "-1".'],
    ['PORT', '80.5', 'PORT must be a whole number from 0 to 65535, but is "80.5".'],
    ['PORT', '1e3', 'PORT must be a whole number from 0 to 65535, but is "1e3".'],
    ['PORT', '0x50', 'PORT must be a whole number from 0 to 65535, but is "0x50".'],
    ['PORT', 'http', 'PORT must be a whole number from 0 to 65535, but is "http".'],
    ['OPERATOR_PORT', '65536', 'OPERATOR_PORT must be a whole number from 0 to 65535, but is "65536".'],
    ['OPERATOR_PORT', 'none', 'OPERATOR_PORT must be a whole number from 0 to 65535, but is "none".'],
    ['WORKERS', '0', 'WORKERS must be a whole number from 1 to 64, but is "0".'],
    ['WORKERS', '65', 'WORKERS must be a whole number from 1 to 64, but is "65".'],
    ['WORKERS', 'all', 'WORKERS must be a whole number from 1 to 64, but is "all".'],
    ['EMBEDDED_TASK_MS', '2s', 'EMBEDDED_TASK_MS must be a whole number of milliseconds, but is "2s".'],
    [
      'EMBEDDED_TASK_MS',
      '86400001',
      'EMBEDDED_TASK_MS must be at most 86400000 milliseconds, a day, but is "86400001".',
    ],
    ['COMPUTE', 'Nova', 'COMPUTE must be "embedded" or "nova", but is "Nova".'],
    [
      'COMPUTE',
      'nova',
      'NOVA_URL must be the address of Nova without a version, such as http://127.0.0.1:8774, but is not set.',
    ],
    ['NOVA_MARKER', 'name', 'NOVA_MARKER must be "auto", "tag", "metadata" or "none", but is "name".'],
    ['NOVA_TIMEOUT_MS', '50', 'NOVA_TIMEOUT_MS must be at least 100 milliseconds, but is "50".'],
    [
      'NOVA_LONGEST_REQUEST_MS',
      '500',
      'NOVA_LONGEST_REQUEST_MS must be at least 1000 milliseconds, but is "500".',
    ],
    ['DATABASE_DOWN', 'wait', 'DATABASE_DOWN must be "pass" or "refuse", but is "wait".'],
    ['IDENTITY', 'Embedded', 'IDENTITY must be "embedded" or "keystone", but is "Embedded".'],
    ['TAG_REUSE', 'once', 'TAG_REUSE must be "group" or "refuse", but is "once".'],
    [
      'LOG_LEVEL',
      'verbose',
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, but is "verbose".',
    ],
  ])('%s=%s', (name, value, message) => {
    expect(() => loadSettings({ [name]: value })).toThrow(new InvalidSettingError(message));
  });

  it.each(['30', '0d', '-1d', '1.5h', '30D', '30m', '100000d', 'for ever'])('TASK_RETENTION=%s', (value) => {
    expect(failure({ TASK_RETENTION: value })).toBe(
      `TASK_RETENTION must be a number of hours or days, such as 12h or 30d, but is "${value}".`,
    );
  });

  it('the first one of several', () => {
    expect(() => loadSettings({ LOG_LEVEL: 'x', PORT: 'y' })).toThrow(/^PORT [^\n]+$/);
  });

  it('for several processes on SQLite', () => {
    expect(failure({ WORKERS: '2' })).toBe(
      'WORKERS must be 1 with SQLite, which allows one process; several need MariaDB or MySQL (DATABASE_URL).',
    );
    const DATABASE_URL = 'mysql://root@127.0.0.1/tasktag';
    expect(loadSettings({ WORKERS: '2', DATABASE_URL }).WORKERS).toBe(2);
  });

  it.each(['v2.1', 'v2.1/', 'compute/v2.1', 'v2/0123abc'])('for a Nova with a version: /%s', (path) => {
    expect(failure({ COMPUTE: 'nova', NOVA_URL: `http://nova:8774/${path}` })).toMatch(
      /^NOVA_URL must be the address of Nova without a version/,
    );
  });

  it('for a gateway that does not know whose the tokens are', () => {
    expect(failure({ COMPUTE: 'nova', NOVA_URL: 'http://nova:8774' })).toMatch(
      /^IDENTITY must be "keystone"/,
    );
  });

  it.each(['amqp://user:secret@host,http://other', 'amqp://user:secret@host,', 'rabbit:5672'])(
    'for notifications from %s, without showing what may be a password',
    (url) => {
      const message = failure({ NOTIFICATIONS_URL: url });
      expect(message).toMatch(/^NOTIFICATIONS_URL must be amqp:/);
      expect(message).not.toContain('secret');
    },
  );

  it('for what the simulated cloud cannot do, without showing what may be a password', () => {
    const message = failure({ NOTIFICATIONS_URL: 'amqp://user:secret@host' });
    expect(message).toMatch(/^NOTIFICATIONS_URL needs COMPUTE=nova/);
    expect(failure({ AUDIT: 'notification' })).toMatch(
      /^NOTIFICATIONS_URL must be set with AUDIT=notification/,
    );
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

it('a request may last in Nova for as long as it is waited for', () => {
  const settings = { NOVA_TIMEOUT_MS: '400000' };
  expect(() => loadSettings(settings)).toThrow(
    /^NOVA_LONGEST_REQUEST_MS must not be less than NOVA_TIMEOUT_MS/,
  );
  expect(loadSettings({ ...settings, NOVA_LONGEST_REQUEST_MS: '400000' }).NOVA_TIMEOUT_MS).toBe(400_000);
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
