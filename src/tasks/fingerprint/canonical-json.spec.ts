import fc from 'fast-check';
import { chance } from '../../../test/arbitraries/chance.js';
import { mutate } from '../../../test/arbitraries/json-mutation.js';
import { spell } from '../../../test/arbitraries/json-spelling.js';
import { jsonValue, sameValue } from '../../../test/arbitraries/json-value.js';
import { trials } from '../../../test/support/trials.js';
import { canonicalJson as canonicalBytes } from './canonical-json.js';

describe('canonicalJson, of any values', () => {
  it('is equal for two spellings of one value', () => {
    fc.assert(
      fc.property(jsonValue, chance, (value, choose) => {
        expect(canonicalJson(spell(value, choose))).toBe(canonicalJson(spell(value, choose)));
      }),
      { numRuns: trials(2000) },
    );
  });

  it('is different as soon as one place of a value differs', () => {
    fc.assert(
      fc.property(jsonValue, chance, (value, choose) => {
        const other = mutate(value, choose);
        const isSameForm = canonicalJson(spell(value, choose)) === canonicalJson(spell(other, choose));
        expect(isSameForm).toBe(sameValue(value, other));
      }),
      { numRuns: trials(3000) },
    );
  });

  it('is different for two values that are different', () => {
    fc.assert(
      fc.property(jsonValue, jsonValue, chance, (a, b, choose) => {
        const isSameForm = canonicalJson(spell(a, choose)) === canonicalJson(spell(b, choose));
        expect(isSameForm).toBe(sameValue(a, b));
      }),
      { numRuns: trials(2000) },
    );
  });

  it('is its own canonical form, and a JSON text of the same value', () => {
    fc.assert(
      fc.property(jsonValue, chance, (value, choose) => {
        const text = spell(value, choose);
        const canonical = canonicalJson(text);
        expect(canonicalJson(canonical)).toBe(canonical);
        expect(parseWithoutSignOfZero(canonical)).toEqual(parseWithoutSignOfZero(text));
      }),
      { numRuns: trials(500) },
    );
  });

  it('takes exactly the texts that JSON.parse takes', () => {
    const pieces = fc.constantFrom(
      ...'{}[],:"\\ \n-+.eE019au',
      'true',
      'null',
      '"a"',
      '\\u00e9',
      '\ufeff',
      '\0',
      '{"a":1',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (text) => {
        expect(isTaken(canonicalJson, text.join(''))).toBe(isTaken(JSON.parse, text.join('')));
      }),
      { numRuns: trials(3000) },
    );
  });
});

describe('canonicalJson', () => {
  it.each([
    [
      'the order of keys, at every level',
      '{"a":{"x":1,"y":2},"b":[{"p":1,"q":2}]}',
      '{"b":[{"q":2,"p":1}],"a":{"y":2,"x":1}}',
    ],
    ['white space', '{"a":[1,2,{}],"b":[]}', ' {\r\n\t"a" : [ 1 , 2 , { } ] ,"b":[\n] } '],
    ['how a number is written', '[1,1,1,100,-50]', '[1.0,1e0,10e-1,1E+2,-0.5e2]'],
    ['how a large number is written', '100000000000000000000000', '1E23'],
    ['the sign of zero', '0', '-0.0e5'],
    ['escapes that are not needed', '"A/é"', '"\\u0041\\/\\u00E9"'],
    ['the case of escapes', '"\\u00e9\\u001f"', '"\\u00E9\\u001F"'],
    ['short escapes', '"\\u0008\\u000c\\u000a\\u000d\\u0009\\u0022\\u005c"', '"\\b\\f\\n\\r\\t\\"\\\\"'],
    ['escapes of surrogate pairs', '"😀"', '"\\uD83D\\ude00"'],
    ['escapes in keys', '{"a":1,"é":2}', '{"\\u00e9":2,"\\u0061":1}'],
    ['the place of other keys between repeated ones', '{"a":1,"b":2,"a":3}', '{"b":2,"a":1,"a":3}'],
  ])('is equal whatever %s', (_, a, b) => {
    expect(canonicalJson(a)).toBe(canonicalJson(b));
  });

  it.each([
    ['numbers beyond 2^53', '9007199254740993', '9007199254740992'],
    ['numbers that both are Infinity to JavaScript', '1e400', '1e401'],
    ['numbers that both are 0 to JavaScript', '1e-400', '0'],
    ['numbers of more digits than a double has', '0.1', '0.1000000000000000055511151231257827'],
    ['a number and its negative', '1', '-1'],
    ['a repeated key and a single one', '{"a":1,"a":2}', '{"a":2}'],
    ['repeated keys in another order', '{"a":1,"a":2}', '{"a":2,"a":1}'],
    ['a key that is repeated by an escape', '{"a":1,"\\u0061":2}', '{"a":2}'],
    ['__proto__ and nothing', '{"__proto__":1}', '{}'],
    ['a string and a number', '"1"', '1'],
    ['null and its name', 'null', '"null"'],
    ['true and its name', 'true', '"true"'],
    ['false and null', 'false', 'null'],
    ['an empty array and an empty object', '[]', '{}'],
    ['an empty array and an empty string', '[]', '""'],
    ['an array and its only element', '[1]', '1'],
    ['elements in another order', '[1,2]', '[2,1]'],
    ['nesting', '[[1],2]', '[[1,2]]'],
    ['empty arrays', '[[],[]]', '[[[]]]'],
    ['an array and an object with its indices', '["a"]', '{"0":"a"}'],
    ['a missing member and null', '{}', '{"a":null}'],
    ['keys that differ by case', '{"a":1}', '{"A":1}'],
    ['strings that differ by Unicode composition', '"é"', '"e\u0301"'],
    ['keys that differ by Unicode composition', '{"é":1}', '{"e\u0301":1}'],
    ['a string and one with a NUL', '""', '"\\u0000"'],
    ['a string and one with a blank', '"a"', '"a "'],
    ['an escape and its text', '"\\u0041"', '"\\\\u0041"'],
    ['a quote in a string and a string that ends', '["a","b"]', '["a\\",\\"b"]'],
    ['a lone surrogate and the replacement character', '"\\ud83d"', '"\ufffd"'],
    ['two lone surrogates', '"\\ud83d"', '"\\ude00"'],
    ['a value under another key', '{"a":1,"b":2}', '{"a":2,"b":1}'],
    ['members in different objects', '[{"a":1},{"b":2}]', '[{"a":1,"b":2}]'],
  ])('tells apart %s', (_, a, b) => {
    expect(canonicalJson(a)).not.toBe(canonicalJson(b));
  });

  it.each([
    '',
    ' ',
    '{',
    '{"a":1',
    '[1,]',
    '01',
    '1.',
    '.5',
    '+1',
    'NaN',
    "{'a':1}",
    '"\n"',
    '1 2',
    '\ufeff1',
    'nul',
  ])('refuses %j', (text) => {
    expect(() => canonicalJson(text)).toThrow(SyntaxError);
  });
});

function canonicalJson(text: string): string {
  return canonicalBytes(Buffer.from(text)).toString();
}

function isTaken(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(SyntaxError);
    return false;
  }
}

function parseWithoutSignOfZero(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => (value === 0 ? 0 : value));
}
