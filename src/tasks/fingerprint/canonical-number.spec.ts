import fc from 'fast-check';
import { chance } from '../../../test/arbitraries/chance.js';
import { spellNumber } from '../../../test/arbitraries/json-spelling.js';
import { type Decimal, decimal, sameValue } from '../../../test/arbitraries/json-value.js';
import { trials } from '../../../test/support/trials.js';
import { canonicalNumber } from './canonical-number.js';

describe('canonicalNumber', () => {
  it('gives every spelling of a number the same form', () => {
    fc.assert(
      fc.property(decimal, chance, (value, choose) => {
        expect(canonicalNumber(spellNumber(value, choose))).toBe(canonicalNumber(spellNumber(value, choose)));
      }),
      { numRuns: trials(1000) },
    );
  });

  it('gives two numbers the same form only when they are equal', () => {
    fc.assert(
      fc.property(decimal, decimal, chance, (a, b, choose) => {
        const isSameForm =
          canonicalNumber(spellNumber(a, choose)) === canonicalNumber(spellNumber(b, choose));
        expect(isSameForm).toBe(same(a, b));
      }),
      { numRuns: trials(3000) },
    );
  });

  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['-0.000E+99999999999999999999', '0'],
    ['1', '1'],
    ['1.0', '1'],
    ['1e0', '1'],
    ['10e-1', '1'],
    ['0.1e1', '1'],
    ['0.1E+01', '1'],
    ['1e-0', '1'],
    ['-12.50e3', '-125e2'],
    ['100', '1e2'],
    ['0.00120', '12e-4'],
    ['100000000000000000000000', '1e23'],
    ['1E23', '1e23'],
    ['9007199254740993', '9007199254740993'],
    ['0.1000000000000000055511151231257827', '1000000000000000055511151231257827e-34'],
    ['1e400', '1e400'],
    ['1e-400', '1e-400'],
  ])('writes %s as %s', (token, canonical) => {
    expect(canonicalNumber(token)).toBe(canonical);
  });

  it.each([
    ['carries', '10e999999999999999', '1e1000000000000000'],
    ['carries through all nines', `10e${'9'.repeat(50)}`, `1e1${'0'.repeat(50)}`],
    ['borrows', '0.1e1000000000000000', '1e999999999999999'],
    ['borrows through all zeros', `0.1e1${'0'.repeat(50)}`, `1e${'9'.repeat(50)}`],
    ['borrows below zero', `10e-1${'0'.repeat(50)}`, `1e-${'9'.repeat(50)}`],
    ['carries below zero', `0.1e-${'9'.repeat(50)}`, `1e-1${'0'.repeat(50)}`],
    ['turns the sign', '0.00001e4', '1e-1'],
    ['does not take leading zeros for a long one', `10e${'0'.repeat(50)}`, '1e1'],
    ['does not borrow from leading zeros', `0.1e${'0'.repeat(50)}`, '1e-1'],
    ['takes a long zero for 0', `-5e-${'0'.repeat(50)}`, '-5'],
    [
      'does not take leading zeros for a large one',
      `0.1e${'0'.repeat(50)}1${'0'.repeat(15)}`,
      `1e${'9'.repeat(15)}`,
    ],
  ])('adds to an exponent of any length: it %s', (_, token, canonical) => {
    expect(canonicalNumber(token)).toBe(canonical);
  });

  it('adds to long exponents as BigInt does', () => {
    const exponent = fc.bigInt(-(10n ** 60n), 10n ** 60n);
    fc.assert(
      fc.property(exponent, fc.nat(40), fc.nat(40), (power, places, zeros) => {
        const token = `0.${'0'.repeat(places)}7${'0'.repeat(zeros)}e${power}`;
        const sum = power - BigInt(places) - 1n;
        expect(canonicalNumber(token)).toBe(sum === 0n ? '7' : `7e${sum}`);
      }),
    );
  });
});

function same(a: Decimal, b: Decimal): boolean {
  return sameValue({ kind: 'number', value: a }, { kind: 'number', value: b });
}
