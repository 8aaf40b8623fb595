import { QueryFailedError } from 'typeorm';
import { isOutOfReach } from './driver-errors.js';

const driver = (message: string, more: object = {}) => Object.assign(new Error(message), more);

describe('a database is out of reach', () => {
  it.each<[string, Error]>([
    ['nobody listens', driver('connect', { code: 'ECONNREFUSED' })],
    ['its name cannot be found', driver('getaddrinfo', { code: 'EAI_AGAIN' })],
    ['it gives no answer in time', driver('no answer in 10000 ms', { code: 'ETIMEDOUT' })],
    [
      'its connection was lost (MariaDB)',
      driver('closed', { code: 'PROTOCOL_CONNECTION_LOST', fatal: true }),
    ],
    [
      'its connection is closed',
      driver("Can't add new command when connection is in closed state", { fatal: true }),
    ],
    ['its node has no cluster', driver('WSREP', { code: 'ER_UNKNOWN_COM_ERROR', errno: 1047 })],
    [
      'its node has lost its cluster in a commit',
      driver('WSREP', { code: 'ER_ERROR_DURING_COMMIT', errno: 1180 }),
    ],
    [
      'its user has as many connections as are allowed (MariaDB)',
      driver('limit', { code: 'ER_USER_LIMIT_REACHED', errno: 1226, sqlState: '42000' }),
    ],
    ['its user has as many connections as are allowed (PostgreSQL)', driver('limit', { code: '53300' })],
    ['a read waits for too long', driver('lock wait', { code: 'ER_LOCK_WAIT_TIMEOUT', errno: 1205 })],
    ['it ends statements that take long (MariaDB)', driver('max_statement_time', { errno: 1969 })],
    ['it ends statements that take long (PostgreSQL)', driver('statement timeout', { code: '57014' })],
    ['its connection was lost (PostgreSQL)', driver('Connection terminated unexpectedly')],
    ['it has become a replica', driver('read-only', { code: '25006' })],
    ['it has no room', driver('disk', { code: '53100' })],
    ['its file cannot be read', driver('disk I/O error', { code: 'SQLITE_IOERR_READ' })],
  ])('when %s, whether TypeORM wraps that or not', (_, error) => {
    expect(isOutOfReach(error)).toBe(true);
    expect(isOutOfReach(new QueryFailedError('SELECT 1', [], error))).toBe(true);
  });

  it.each<[string, unknown]>([
    ['its table is not there', driver('no such table', { code: '42P01' })],
    ['a value is too long', driver('too long', { code: 'ER_DATA_TOO_LONG', errno: 1406, sqlState: '22001' })],
    ['a row is there already', driver('unique', { code: 'SQLITE_CONSTRAINT_UNIQUE' })],
    ['the program has a mistake', new TypeError('x is not a function')],
    ['nothing is known', undefined],
  ])('but not when %s', (_, error) => {
    expect(isOutOfReach(error)).toBe(false);
  });
});
