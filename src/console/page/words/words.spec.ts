import type { Task } from '../task.js';
import { csvOf } from './csv.js';
import { curlOf } from './curl.js';
import { linkTo } from './link.js';
import { durationText, relativeText } from './time.js';
import { verdictOf } from './verdict.js';

const TASK: Task = {
  uuid: '01a206bf-6dfb-736d-ab4c-140248cab156',
  task: 'create',
  state: 'success',
  accepted: true,
  ended: true,
  resource: { server: 'b06853cb' },
  request_id: 'req-1',
  user_id: 'alice',
  project_id: 'demo',
  start_time: '2026-01-31T12:00:00.000Z',
  last_updated: '2026-01-31T12:00:02.000Z',
  tag: 'order 1',
  fault: null,
  resolved: null,
};

describe('a table of tasks', () => {
  /** A cell of the second line, by the name of its column. */
  const cell = (change: Partial<Task>, column: string) => {
    const [names = '', ...rest] = csvOf([{ ...TASK, ...change }]).split('\r\n');
    const others = names.split(',');
    const before = others.indexOf(column);
    const line = rest.join('\r\n');
    const cells = line.match(/("([^"]|"")*"|[^",\r\n]*)(,|\r\n$)/g) ?? [];
    return cells[before]?.replace(/(,|\r\n)$/, '');
  };

  it('has a line of names, one for each task, and CRLF after each (RFC 4180)', () => {
    const text = csvOf([TASK, TASK]);
    expect(text.split('\r\n')).toHaveLength(4);
    expect(text).toMatch(
      /^uuid,task,state,accepted,tag,.*\r\n01a206bf.*,create,success,true,order 1,server,b06853cb,/,
    );
    expect(text.endsWith('\r\n')).toBe(true);
  });

  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', `'=1+1`],
    ['+49', `'+49`],
    ['-1', `'-1`],
    ['@here', `'@here`],
    ['\tx', `'\tx`],
    ['=a,"b"', `"'=a,""b"""`],
    ['＝1', `'＝1`],
  ])('the tag %j is %j, which no spreadsheet carries out', (tag, expected) => {
    expect(cell({ tag }, 'tag')).toBe(expected);
  });

  it('guards what others wrote, too: users and faults', () => {
    expect(cell({ fault: { code: 400, message: '=cmd' } }, 'fault_message')).toBe(`'=cmd`);
    expect(cell({ fault: { code: 400, message: 'x' } }, 'fault_code')).toBe('400');
    expect(cell({ user_id: '@bob' }, 'user_id')).toBe(`'@bob`);
  });
});

describe('a command for a shell', () => {
  it('has the address quoted, and a place for the token', () => {
    expect(curlOf(new URL("http://h/v3/tasks?q=it's%20$(x)"), ['X-Auth-Token', null])).toBe(
      `curl -H "X-Auth-Token: $TOKEN" 'http://h/v3/tasks?q=it%27s%20$(x)'`,
    );
    expect(curlOf(new URL("http://h/it's"), ['Authorization', 'Bearer'])).toBe(
      `curl -H "Authorization: Bearer $TOKEN" 'http://h/it'\\''s'`,
    );
    expect(curlOf(new URL('http://h/tasks'), null)).toBe(`curl 'http://h/tasks'`);
  });
});

describe('the link to a thing', () => {
  const links = { server: 'https://horizon.example/{id}/', odd: 'javascript:alert({id})' };

  it('has its id, escaped', () => {
    expect(linkTo(links, 'server', 'a/b?$&')).toBe('https://horizon.example/a%2Fb%3F%24%26/');
  });

  it.each(['odd', 'volume', 'constructor'])('there is none for %s', (kind) => {
    expect(linkTo(links, kind, '1')).toBeNull();
  });
});

describe('times', () => {
  it.each([
    [0, '0 ms'],
    [340.4, '340 ms'],
    [2345, '2.3 s'],
    [9949, '9.9 s'],
    [9950, '10 s'],
    [60_000, '1 min'],
    [250_000, '4 min 10 s'],
    [3_600_500, '1 h'],
    [3_599_600, '1 h'],
    [266_400_000, '3 d 2 h'],
    [-5, '0 ms'],
  ])('%d ms are %s', (ms, text) => {
    expect(durationText(ms).replaceAll('\u00a0', ' ')).toBe(text);
  });

  it.each([
    [0, 'just now'],
    [-999, 'just now'],
    [-1000, '1 s ago'],
    [-59_000, '59 s ago'],
    [-7_300_000, '2 h ago'],
    [1500, 'just now'],
    [61_000, 'in 1 min'],
  ])('%d ms from now is %s', (difference, text) => {
    expect(relativeText(5e12 + difference, 5e12).replaceAll('\u00a0', ' ')).toBe(text);
  });
});

describe('the verdict', () => {
  it.each<[Partial<Task>, RegExp]>([
    [{}, /^Accepted, and it ended well\.$/],
    [{ state: 'failure', accepted: false }, /may be sent again under the same tag/],
    [{ state: 'failure', accepted: true }, /ended badly/],
    [{ state: 'failure', accepted: null, tag: null }, /^It failed\.$/],
    [{ state: 'unknown', accepted: null, ended: false }, /not known yet/],
    [{ task: 'abandon' }, /given up/],
    [{ resolved: { by: 'admin', at: '', reason: null } }, /A person has decided so/],
  ])('of %j says what it means', (change, expected) => {
    expect(verdictOf({ ...TASK, ...change })).toMatch(expected);
  });
});
