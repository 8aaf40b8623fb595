import fc from 'fast-check';

/**
 * A JSON value with all that its text can say: numbers of any size and precision, and objects with repeated
 * keys. JavaScript's own values cannot hold either.
 */
export type JsonValue =
  | { kind: 'null' }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'number'; value: Decimal }
  | { kind: 'string'; value: string }
  | { kind: 'array'; items: JsonValue[] }
  | { kind: 'object'; members: Member[] };

export type Member = [key: string, value: JsonValue];

/** `coefficient × 10^exponent`, with a sign. */
export interface Decimal {
  isNegative: boolean;
  coefficient: bigint;
  exponent: bigint;
}

/**
 * Whether two values mean the same: the order of an object's different keys does not count, that of its
 * repeated keys does; numbers count by their decimal value.
 */
export function sameValue(a: JsonValue, b: JsonValue): boolean {
  switch (a.kind) {
    case 'null':
      return b.kind === 'null';
    case 'boolean':
    case 'string':
      return b.kind === a.kind && a.value === b.value;
    case 'number':
      return b.kind === 'number' && sameDecimal(a.value, b.value);
    case 'array':
      return b.kind === 'array' && sameList(a.items, b.items);
    case 'object':
      return b.kind === 'object' && sameMembers(byKey(a.members), byKey(b.members));
  }
}

/** By scaling both to the same power of ten. */
function sameDecimal(a: Decimal, b: Decimal): boolean {
  if (a.coefficient === 0n || b.coefficient === 0n) return a.coefficient === b.coefficient;
  if (a.isNegative !== b.isNegative) return false;
  const distance = a.exponent - b.exponent;
  // No coefficient here has as many digits.
  if (distance > 1000n || distance < -1000n) return false;
  const least = distance < 0n ? a.exponent : b.exponent;
  return a.coefficient * 10n ** (a.exponent - least) === b.coefficient * 10n ** (b.exponent - least);
}

function sameList(a: JsonValue[], b: JsonValue[]): boolean {
  return a.length === b.length && a.every((item, index) => sameValue(item, b[index] as JsonValue));
}

function sameMembers(a: Map<string, JsonValue[]>, b: Map<string, JsonValue[]>): boolean {
  return a.size === b.size && [...a].every(([key, values]) => sameList(values, b.get(key) ?? []));
}

/** The values of each key, in their order. */
export function byKey(members: Member[]): Map<string, JsonValue[]> {
  const values = new Map<string, JsonValue[]>();
  for (const [key, value] of members) values.set(key, [...(values.get(key) ?? []), value]);
  return values;
}

/** Strings that are easily taken for one another, and any others. */
const jsonString = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'A', 'b', '', '1', 'null', '__proto__') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('é', 'e\u0301', '\0', ' ', '"', '\\', '/', '\\u0041', '\u007f', '\u2028'),
  },
  { weight: 1, arbitrary: fc.constantFrom('😀', '\ud83d', '\ude00', '\ufffd', '\ufeff') },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
);

/** Decimals of which many are equal, beyond a double, or both. */
export const decimal: fc.Arbitrary<Decimal> = fc.record({
  isNegative: fc.boolean(),
  coefficient: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(0n, 1n, 2n, 10n, 12n, 100n, 120n) },
    { weight: 1, arbitrary: fc.bigInt(2n ** 53n - 2n, 2n ** 53n + 2n) },
    { weight: 1, arbitrary: fc.bigInt(0n, 10n ** 40n) },
  ),
  exponent: fc.oneof(
    { weight: 4, arbitrary: fc.bigInt(-3n, 3n) },
    { weight: 1, arbitrary: fc.bigInt(-400n, 400n) },
    { weight: 1, arbitrary: fc.bigInt(10n ** 15n - 3n, 10n ** 15n + 3n) },
    { weight: 1, arbitrary: fc.bigInt(-(10n ** 30n) - 3n, -(10n ** 30n) + 3n) },
  ),
});

/** Any JSON value. */
export const jsonValue: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant<JsonValue>({ kind: 'null' }),
    fc.boolean().map((value): JsonValue => ({ kind: 'boolean', value })),
    decimal.map((value): JsonValue => ({ kind: 'number', value })),
    jsonString.map((value): JsonValue => ({ kind: 'string', value })),
    fc.array(tie('value'), { maxLength: 4 }).map((items): JsonValue => ({ kind: 'array', items })),
    fc
      .array(fc.tuple(jsonString, tie('value')), { maxLength: 4 })
      .map((members): JsonValue => ({ kind: 'object', members })),
  ),
})).value;
