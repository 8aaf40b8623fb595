import fc from 'fast-check';
import { trials } from '../../../test/support/trials.js';
import { canonicalUrl } from './canonical-url.js';

const text = fc.string({
  unit: fc.constantFrom('a', 'B', '/', '?', '#', '&', '=', '+', '%', ' ', '.', '\xe9'),
  maxLength: 5,
});

/** Every byte as it is where that is allowed, or escaped in either case; in a query also a blank as `+`. */
function spell(bytes: string, bare: RegExp, g: fc.GeneratorValue): string {
  return [...bytes]
    .map((byte) => {
      const choice = g(fc.nat, 2);
      if (choice === 0 && bare.test(byte)) return byte === ' ' ? '+' : byte;
      const hex = byte.charCodeAt(0).toString(16).padStart(2, '0');
      return `%${choice === 1 ? hex : hex.toUpperCase()}`;
    })
    .join('');
}

interface Url {
  segments: string[];
  pairs: [string, string][];
}

function spellUrl({ segments, pairs }: Url, g: fc.GeneratorValue): string {
  const path = segments.map((segment) => `/${spell(segment, /[^/?#% ]/, g)}`).join('') || '/';
  const query = pairs.map(([name, value]) => `${spell(name, /[^&=+%]/, g)}=${spell(value, /[^&+%]/, g)}`);
  return `${path}${g(fc.boolean) ? '/' : ''}?${query.join('&')}`;
}

/** The same pairs in any order, or one value less, or two exchanged, or another URL. */
function change(url: Url, other: Url, g: fc.GeneratorValue): Url {
  const { segments, pairs } = url;
  const at = g(fc.nat, Math.max(0, pairs.length - 1));
  const changes: Url[] = [
    { segments, pairs: g(fc.shuffledSubarray<[string, string]>, pairs, { minLength: pairs.length }) },
    { segments, pairs: pairs.toSpliced(at, 1) },
    { segments, pairs: pairs.map(([name, value]) => [value, name]) },
    { segments: segments.slice(1), pairs },
    { segments, pairs: other.pairs },
    other,
  ];
  return changes[g(fc.nat, changes.length - 1)] as Url;
}

function isSame(a: Url, b: Url): boolean {
  const parts = (url: Url) => [url.segments, Object.entries(valuesByName(url)).sort()];
  return JSON.stringify(parts(a)) === JSON.stringify(parts(b));
}

/** The values of each name, in their order. */
function valuesByName({ pairs }: Url): Record<string, string[]> {
  return Object.fromEntries(
    pairs.map(([name]) => [name, pairs.filter(([other]) => other === name).map(([, value]) => value)]),
  );
}

describe('canonicalUrl, of any path and query', () => {
  const url: fc.Arbitrary<Url> = fc.record({
    segments: fc.array(
      text.filter((segment) => segment !== ''),
      { maxLength: 3 },
    ),
    pairs: fc.array(fc.tuple(fc.oneof(fc.constantFrom('a', 'b'), text), text), { maxLength: 4 }),
  });

  it('is equal for two spellings of one URL', () => {
    fc.assert(
      fc.property(url, fc.gen(), (parts, g) => {
        expect(canonicalUrl(spellUrl(parts, g))).toBe(canonicalUrl(spellUrl(parts, g)));
      }),
      { numRuns: trials(1000) },
    );
  });

  it('is equal exactly for URLs with the same path, and the same values for each name', () => {
    fc.assert(
      fc.property(url, url, fc.gen(), (a, other, g) => {
        const b = change(a, other, g);
        expect(canonicalUrl(spellUrl(a, g)) === canonicalUrl(spellUrl(b, g))).toBe(isSame(a, b));
      }),
      { numRuns: trials(1000) },
    );
  });

  it('is its own canonical form', () => {
    fc.assert(
      fc.property(url, fc.gen(), (parts, g) => {
        const canonical = canonicalUrl(spellUrl(parts, g));
        expect(canonicalUrl(canonical)).toBe(canonical);
      }),
    );
  });
});

describe('canonicalUrl', () => {
  it.each([
    ['escapes of what needs none', '/servers/%41%2dz%7E', '/servers/A-z~'],
    ['the case of escapes', '/servers/%c3%a9', '/servers/%C3%A9'],
    ['bytes that are not escaped', '/servers/\xc3\xa9', '/servers/%C3%A9'],
    ['a % that starts no escape', '/servers/100%', '/servers/100%25'],
    ['a trailing slash', '/servers/', '/servers'],
    ['a trailing slash before the query', '/servers/?a=1', '/servers?a=1'],
    ['a question mark without a query', '/servers?', '/servers'],
    ['empty pairs', '/servers?&a=1&&b=2&', '/servers?a=1&b=2'],
    ['the order of names', '/servers?b=2&a=1', '/servers?a=1&b=2'],
    ['the order of names, with values in order', '/servers?b=1&a=1&b=0', '/servers?a=1&b=1&b=0'],
    ['how a blank is written in a query', '/servers?a=b+c', '/servers?a=b%20c'],
    ['a name without a value', '/servers?a', '/servers?a='],
    ['the empty path', '', '/'],
  ])('is equal whatever %s', (_, a, b) => {
    expect(canonicalUrl(a)).toBe(canonicalUrl(b));
  });

  it.each([
    ['case', '/servers/a', '/servers/A'],
    ['an escaped slash and a slash', '/servers/a%2Fb', '/servers/a/b'],
    ['an escaped question mark and a query', '/servers%3Fa=1', '/servers?a=1'],
    ['an escaped trailing slash and none', '/servers/%2F', '/servers'],
    ['a blank and a plus in a path', '/servers/a%20b', '/servers/a+b'],
    ['a blank and a plus in a query', '/servers?a=b+c', '/servers?a=b%2Bc'],
    ['an escape and its text', '/servers/%2541', '/servers/%41'],
    ['bytes that are not UTF-8', '/servers/%FF', '/servers/%FE'],
    ['composed and decomposed letters', '/servers/%C3%A9', '/servers/e%CC%81'],
    ['the order of the values of a name', '/servers?a=1&a=2', '/servers?a=2&a=1'],
    ['a value once and twice', '/servers?a=1', '/servers?a=1&a=1'],
    ['a separator in a value', '/servers?a=1%26b=2', '/servers?a=1&b=2'],
    ['an equals sign in a name', '/servers?a%3Db=c', '/servers?a=b%3Dc'],
    ['an empty name and nothing', '/servers?=', '/servers'],
    ['an empty segment inside', '/servers//a', '/servers/a'],
    ['a path and its beginning', '/servers/a', '/servers'],
    ['dots', '/servers/..', '/servers'],
  ])('tells apart %s', (_, a, b) => {
    expect(canonicalUrl(a)).not.toBe(canonicalUrl(b));
  });
});
