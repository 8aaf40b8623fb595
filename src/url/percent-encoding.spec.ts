import fc from 'fast-check';
import {
  decodeBytes,
  decodeQueryBytes,
  encodeBytes,
  queryPairs,
  splitUrl,
  toByteString,
  toText,
} from './percent-encoding.js';

const ALL_BYTES = String.fromCharCode(...Array(256).keys());
const byteString = fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1'));

describe('percent-encoding', () => {
  it('gives all bytes back', () => {
    expect(decodeBytes(encodeBytes(ALL_BYTES))).toBe(ALL_BYTES);
    fc.assert(fc.property(byteString, (bytes) => expect(decodeBytes(encodeBytes(bytes))).toBe(bytes)));
  });

  it('leaves the unreserved characters, and only them, as they are', () => {
    const kept = [...ALL_BYTES].filter((byte) => encodeBytes(byte) === byte).join('');
    expect(kept).toBe('-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~');
  });

  it('writes escapes with two digits in upper case', () => {
    expect(encodeBytes('\0\n/é'.normalize('NFC'))).toBe('%00%0A%2F%E9');
  });

  it('encodes texts as encodeURIComponent does, but for the marks that it leaves', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const marks = (encoded: string) => encoded.replace(/[!'()*]/g, (mark) => encodeBytes(mark));
        expect(encodeBytes(toByteString(text))).toBe(marks(encodeURIComponent(text)));
      }),
    );
  });

  it('decodes escapes of either case, and what is no UTF-8', () => {
    expect(decodeBytes('%c3%A9%fF%00')).toBe('\xc3\xa9\xff\0');
  });

  it.each(['%', '100%', '%4', '%zz', '%%', '%u0041', 'a%2'])(
    'leaves %j, which is no escape, as it is',
    (text) => {
      expect(decodeBytes(text)).toBe(text);
    },
  );

  it('decodes once', () => {
    expect(decodeBytes('%2541%%34%31')).toBe('%41%41');
  });

  it('takes + for a blank in a query, and only there', () => {
    expect(decodeQueryBytes('a+b%2Bc%20d')).toBe('a b+c d');
    expect(decodeBytes('a+b')).toBe('a+b');
  });
});

describe('toText', () => {
  it('shows the text of UTF-8, with a byte order mark if it has one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => expect(toText(toByteString(text))).toBe(text)),
    );
    expect(toText('\xef\xbb\xbfa')).toBe('\ufeffa');
  });

  it.each([
    ['Latin 1', '\xe9'],
    ['a sequence cut short', 'a\xc3'],
    ['an overlong form', '\xc0\xaf'],
    ['a surrogate', '\xed\xa0\x80'],
  ])('shows each byte of what is no UTF-8: %s', (_, bytes) => {
    expect(toText(bytes)).toBe(bytes);
  });
});

describe('queryPairs', () => {
  it.each([
    ['', []],
    ['&&', []],
    ['a', [['a', '']]],
    ['a=', [['a', '']]],
    ['=', [['', '']]],
    ['=a', [['', 'a']]],
    ['a=b=c', [['a', 'b=c']]],
    ['a%3Db=c', [['a=b', 'c']]],
    [
      'a=b%26c&&d=e',
      [
        ['a', 'b&c'],
        ['d', 'e'],
      ],
    ],
    [
      'b=1&a=2&b=1',
      [
        ['b', '1'],
        ['a', '2'],
        ['b', '1'],
      ],
    ],
    ['a+b=c+d%2B', [['a b', 'c d+']]],
    ['a=%ff', [['a', '\xff']]],
    ['a=?', [['a', '?']]],
  ])('reads %j', (query, pairs) => {
    expect(queryPairs(query)).toEqual(pairs);
  });
});

describe('splitUrl', () => {
  it.each([
    ['/a', ['/a', '']],
    ['/a?', ['/a', '']],
    ['/a?b=c', ['/a', 'b=c']],
    ['/a?b?c', ['/a', 'b?c']],
    ['/a%3Fb', ['/a%3Fb', '']],
    ['', ['', '']],
  ])('takes %j apart at the first question mark', (url, parts) => {
    expect(splitUrl(url)).toEqual(parts);
  });
});
