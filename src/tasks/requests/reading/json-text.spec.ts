import { jsonText } from './json-text.js';

const DEPTH = 20_000;

/** A value below many levels, of which the outermost is the last one. */
function deep(value: unknown, around: (inner: unknown) => unknown): unknown {
  let all = value;
  for (let n = 0; n < DEPTH; n += 1) all = around(all);
  return all;
}

describe('the JSON text of a value', () => {
  const ODD = {
    list: [1, undefined, () => 1, Symbol('x'), null, [], {}, [undefined], Number.NaN, -0],
    left: undefined,
    out: () => 1,
    date: new Date(0),
    bytes: Buffer.from('ab'),
    wrapped: [new Number(1), new String('x'), new Boolean(false)],
    says: { toJSON: (key: string) => ({ key }) },
    nothing: { toJSON: () => undefined },
    'a "key"': 'a \u2028 "text"',
    gaps: Object.assign([], { 1: 1 }),
    made: Object.create(
      { inherited: 1 },
      { own: { value: 2, enumerable: true }, hidden: { value: 3 } },
    ) as object,
  };

  it('is that of JSON.stringify, also where that is at its end', () => {
    expect(jsonText(ODD)).toBe(JSON.stringify(ODD));
    expect(() => JSON.stringify(deep(ODD, (inner) => [inner]))).toThrow(RangeError);
    // Not `toBe`, which would show the whole texts.
    const odd = JSON.stringify(ODD);
    const listed = jsonText(deep(ODD, (inner) => [inner]));
    expect(listed === `${'['.repeat(DEPTH)}${odd}${']'.repeat(DEPTH)}`).toBe(true);
    const named = jsonText(deep(ODD, (a) => ({ a, b: 1 })));
    expect(named === `${'{"a":'.repeat(DEPTH)}${odd}${',"b":1}'.repeat(DEPTH)}`).toBe(true);
  });

  it('has the values that the look returns in place of the original ones', () => {
    const twice = (value: unknown) => (typeof value === 'number' ? value * 2 : value);
    expect(jsonText({ a: [1, 2] }, twice)).toBe('{"a":[2,4]}');
    const text = jsonText(
      deep(1, (inner) => [inner]),
      twice,
    );
    expect(text === `${'['.repeat(DEPTH)}2${']'.repeat(DEPTH)}`).toBe(true);
  });

  it('is not searched for ever in a value that contains itself', () => {
    const ring: unknown[] = [];
    ring.push(deep(ring, (inner) => [inner]));
    expect(() => jsonText(ring)).toThrow(TypeError);
  });

  it('does not exist for a value without one', () => {
    expect(jsonText(undefined)).toBeUndefined();
    expect(jsonText(() => 1)).toBeUndefined();
  });
});
