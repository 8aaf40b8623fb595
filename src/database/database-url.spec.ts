import { UnusableDatabaseError } from '../storage/database.errors.js';
import { parseDatabaseUrl } from './database-url.js';

describe('DATABASE_URL', () => {
  it.each([
    ['sqlite:./data/tasktag.sqlite', './data/tasktag.sqlite'],
    ['sqlite:/var/lib/a b%20c.sqlite', '/var/lib/a b%20c.sqlite'],
    ['sqlite::memory:', ':memory:'],
  ])('%s is a file by its literal path', (url, path) => {
    expect(parseDatabaseUrl(url)).toEqual({ kind: 'sqlite', path });
  });

  it.each([
    ['mysql://user:password@host:3307/tasktag', ['host', 3307, 'user', 'password', 'tasktag']],
    ['mysql://host/tasktag', ['host', 3306, '', '', 'tasktag']],
    ['mysql://user:p%40%23%2F@host/task%2Dtag', ['host', 3306, 'user', 'p@#/', 'task-tag']],
    ['mysql://user:p@ss@host/tasktag', ['host', 3306, 'user', 'p@ss', 'tasktag']],
    ['mysql://user@[::1]:3306/tasktag', ['::1', 3306, 'user', '', 'tasktag']],
  ])('%s is a server with a database', (url, [host, port, user, password, database]) => {
    const address = { host, port, user, password, database };
    expect(parseDatabaseUrl(url)).toEqual({ kind: 'mysql', address });
  });

  it.each([
    ['an invalid port', 'mysql://user:secret@host:99999/name'],
    ['a bare # in the password', 'mysql://user:secret#1@host/name'],
    ['a bare # after digits', 'mysql://user:12#secret@host/name'],
    ['a bare ? in the password', 'mysql://user:secret?1@host/name'],
    ['a blank in the host', 'mysql://user:secret@my host/name'],
    ['an invalid escape in the name', 'mysql://user:secret@host/%zz'],
    ['no name', 'mysql://user:secret@host/'],
  ])('with %s is refused with one line, which does not show the password', (_, url) => {
    const parse = () => parseDatabaseUrl(url);
    expect(parse).toThrow(UnusableDatabaseError);
    expect(parse).toThrow(/^DATABASE_URL cannot be read\. [^\n]+$/);
    expect(parse).not.toThrow(/secret/);
  });
});
