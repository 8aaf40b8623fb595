import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { chance } from '../../../test/arbitraries/chance.js';
import { mutate } from '../../../test/arbitraries/json-mutation.js';
import { spell } from '../../../test/arbitraries/json-spelling.js';
import { jsonValue, sameValue } from '../../../test/arbitraries/json-value.js';
import { trials } from '../../../test/support/trials.js';
import { duplicateKey, fingerprint } from './fingerprint.js';

const CREATE = '{"server":{"name":"vm","flavorRef":"1"}}';

interface Request {
  method?: string;
  url?: string;
  mediaType?: string | null;
  body?: string | Buffer;
}

function print({
  method = 'POST',
  url = '/servers',
  mediaType = 'application/json',
  body = CREATE,
}: Request): string {
  return fingerprint({ method, url, mediaType, body: Buffer.from(body) }).toString('hex');
}

describe('the fingerprint is the same', () => {
  it.each<[string, Request, Request]>([
    ['the request is the same', {}, {}],
    ['its keys come in another order', {}, { body: '{"server":{"flavorRef":"1","name":"vm"}}' }],
    ['it has other white space', {}, { body: '{\n  "server": {"name": "vm", "flavorRef": "1"}\n}\n' }],
    ['a number is written otherwise', { body: '{"a":1}' }, { body: '{"a":1.0}' }],
    ['a text is escaped', { body: '"é"' }, { body: '"\\u00e9"' }],
    ['it has a trailing slash', {}, { url: '/servers/' }],
    ['its path is escaped otherwise', { url: '/servers/%7ea' }, { url: '/servers/~%61' }],
    ['its query is in another order', { url: '/servers?a=1&b=2' }, { url: '/servers?b=2&a=1' }],
    ['a blank of its query is a plus', { url: '/servers?a=b+c' }, { url: '/servers?a=b%20c' }],
    ['JSON has no media type', {}, { mediaType: null }],
    ['JSON has a media type of its own', {}, { mediaType: 'application/vnd.openstack.compute+json' }],
    ['an empty body has another media type', { body: '' }, { body: '', mediaType: null }],
    [
      'the bytes of another media type are the same',
      { mediaType: 'text/plain' },
      { mediaType: 'text/plain' },
    ],
  ])('when %s', (_, a, b) => {
    expect(print(a)).toBe(print(b));
  });
});

describe('the fingerprint is another one', () => {
  it.each<[string, Request, Request]>([
    ['the method', { method: 'POST' }, { method: 'PUT' }],
    ['the path', { url: '/servers/a/action' }, { url: '/servers/b/action' }],
    ['the case of the path', { url: '/servers/a' }, { url: '/servers/A' }],
    ['a query', { url: '/servers' }, { url: '/servers?a=1' }],
    ['the order of the values of a name', { url: '/servers?a=1&a=2' }, { url: '/servers?a=2&a=1' }],
    ['a value', {}, { body: CREATE.replace('vm', 'Vm') }],
    ['a number beyond 2^53', { body: '[9007199254740992]' }, { body: '[9007199254740993]' }],
    ['a repeated key', { body: '{"a":1,"a":2}' }, { body: '{"a":2}' }],
    ['no body and an empty text', { body: '' }, { body: '""' }],
    ['no body and a blank', { body: '' }, { body: ' ' }],
    ['the media type, JSON or bytes', {}, { mediaType: 'text/plain' }],
    ['the media type of the same bytes', { mediaType: 'text/plain' }, { mediaType: 'text/html' }],
    [
      'a media type that is spelled like our word for JSON',
      { body: '{"a":1}' },
      { body: '{"a":1}', mediaType: 'json' },
    ],
    [
      'white space in text that is not JSON',
      { mediaType: 'text/plain' },
      { mediaType: 'text/plain', body: `${CREATE} ` },
    ],
    ['white space in broken JSON', { body: '{"a":1' }, { body: '{"a":1 ' }],
    ['a truncated body', {}, { body: CREATE.slice(0, -1) }],
    ['a byte order mark', {}, { body: `\ufeff${CREATE}` }],
    [
      'bytes that are not UTF-8',
      { body: Buffer.from('"\xff"', 'latin1') },
      { body: Buffer.from('"\xfe"', 'latin1') },
    ],
    [
      'bytes that are not UTF-8, and their decoded form',
      { body: Buffer.from('"\xff"', 'latin1') },
      { body: '"\ufffd"' },
    ],
    ['UTF-8 and Latin 1', { body: '"é"' }, { body: Buffer.from('"é"', 'latin1') }],
    ['where the path ends and the query begins', { url: '/servers%3Fa=1' }, { url: '/servers?a=1' }],
  ])('for another of %s', (_, a, b) => {
    expect(print(a)).not.toBe(print(b));
  });

  it('when bytes move from one part to the next', () => {
    const prints = [
      print({ method: 'POST', url: '/a', mediaType: 'text/b', body: 'c' }),
      print({ method: 'POST/A', url: '', mediaType: 'text/b', body: 'c' }),
      print({ method: 'POST', url: '/abytes', mediaType: 'text/b', body: 'c' }),
      print({ method: 'POST', url: '/a', mediaType: 'text/bc', body: '' }),
      print({ method: 'POST', url: '/a', mediaType: 'text/', body: 'bc' }),
      print({ method: 'POST', url: '/a', mediaType: null, body: 'text/bc' }),
    ];
    expect(new Set(prints).size).toBe(prints.length);
  });
});

it('the fingerprint of JSON is the same exactly when its meaning is', () => {
  fc.assert(
    fc.property(jsonValue, chance, (value, choose) => {
      const other = mutate(value, choose);
      const first = print({ body: spell(value, choose) });
      expect(print({ body: spell(value, choose) })).toBe(first);
      expect(print({ body: spell(other, choose) }) === first).toBe(sameValue(value, other));
    }),
    { numRuns: trials(1000) },
  );
});

it('the fingerprint of other media types is the same exactly when the bytes are', () => {
  const bytes = fc.uint8Array({ maxLength: 3, max: 3 });
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const isSame = Buffer.from(a).equals(b);
      const [first, second] = [a, b].map((body) =>
        print({ mediaType: 'application/octet-stream', body: Buffer.from(body) }),
      );
      expect(first === second).toBe(isSame);
    }),
  );
});

it('a fingerprint never changes from one version to the next: it refuses by those of before', () => {
  const parts = ['POST', '/servers', 'json', '{"server":{"flavorRef":"1","name":"vm"}}'];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`\0\0\0\0\0\0\0${String.fromCharCode(part.length)}${part}`);
  expect(print({})).toBe(hash.digest('hex'));
  expect(print({})).toBe('af136995221c2efa6855f2c7e1347f521cbe3c07c927bde376e52ac042391d66');
});

describe('the duplicate key', () => {
  const print1 = Buffer.alloc(32, 1);

  it('is a byte string of 16 bytes, as long as a uuid', () => {
    expect(duplicateKey('p', 't', print1)).toMatch(/^[\0-\xff]{16}$/);
  });

  it('is the same for the same project, tag and fingerprint', () => {
    expect(duplicateKey('p', 't\xff', print1)).toBe(duplicateKey('p', 't\xff', Buffer.alloc(32, 1)));
  });

  it.each([
    ['projects', ['q', 't', print1]],
    ['tags', ['p', 'u', print1]],
    ['fingerprints', ['p', 't', Buffer.alloc(32, 2)]],
    ['cases of a tag', ['p', 'T', print1]],
    ['cases of a project', ['P', 't', print1]],
    ['blanks at the end of a tag', ['p', 't ', print1]],
    ['sides for a byte between project and tag', ['pt', '', print1]],
    ['sides for all bytes between project and tag', ['', 'pt', print1]],
  ] as [string, [string, string, Buffer]][])('is another one for other %s', (_, parts) => {
    expect(duplicateKey(...parts)).not.toBe(duplicateKey('p', 't', print1));
  });

  it('is another one however bytes move between the parts', () => {
    const bytes = fc.string({ unit: fc.constantFrom('\0', '\x01', 'a'), maxLength: 20 });
    fc.assert(
      fc.property(bytes, fc.nat(20), fc.nat(20), fc.nat(20), fc.nat(20), (all, a, b, c, d) => {
        const split = (first: number, second: number): [string, string, Buffer] => {
          const [low, high] = first < second ? [first, second] : [second, first];
          return [all.slice(0, low), all.slice(low, high), Buffer.from(all.slice(high), 'latin1')];
        };
        const [one, other] = [split(a, b), split(c, d)];
        expect(duplicateKey(...one) === duplicateKey(...other)).toBe(
          one.every((part, index) => part.toString() === other[index]?.toString()),
        );
      }),
      { numRuns: trials(2000) },
    );
  });

  it('has the project in UTF-8, whatever its name, and never changes either', () => {
    for (const project of ['demo', 'Zürich', '東京', 'a💡']) {
      const hash = createHash('sha256');
      for (const part of [Buffer.from(project), Buffer.from('t'), print1]) {
        hash.update(Buffer.from([0, 0, 0, 0, 0, 0, 0, part.length]));
        hash.update(part);
      }
      expect(duplicateKey(project, 't', print1)).toBe(hash.digest('binary').slice(0, 16));
    }
  });

  it('tells apart tags that only a byte string can', () => {
    const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
    const tags = [...bytes, '\xc3\xa9', 'e\xcc\x81', '\xef\xbf\xbd'];
    const keys = tags.map((tag) => duplicateKey('p', tag, print1));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
