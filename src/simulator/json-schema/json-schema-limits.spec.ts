import { BadRequest } from '../../openstack/faults.js';
import { bodyValidator, type JsonSchema } from './json-schema.js';

/** What the client reads for a body `{"field": value}` under a schema of the field. */
function field(schema: JsonSchema, value: unknown): string {
  return answer({ type: 'object', properties: { field: schema } }, { field: value });
}

function answer(schema: JsonSchema, body: unknown): string {
  try {
    bodyValidator(schema)(body);
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(BadRequest);
    return (error as BadRequest).message;
  }
}

function nested(levels: number, open: string, close: string): unknown {
  return JSON.parse(open.repeat(levels) + '1' + close.repeat(levels));
}

describe('a body made to do harm', () => {
  it('is refused in a short text, however deep it is', () => {
    for (const deep of [nested(10_000, '[', ']'), nested(10_000, '{"a":', '}')]) {
      for (const schema of [
        { type: 'string' },
        { enum: [1, 'x'] },
        { oneOf: [{ type: 'null' }] },
      ] as JsonSchema[]) {
        const text = field(schema, deep);
        expect(text).toMatch(/^Invalid input for field\/attribute field\. Value: .*\.\.\./);
        expect(text.length).toBeLessThan(1000);
      }
    }
  });

  it('is taken where anything goes, however deep it is', () => {
    expect(field({}, nested(10_000, '[', ']'))).toBe('accepted');
  });

  it('is refused in a short text, however long it is', () => {
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`name${index}`, index]));
    for (const long of ['x'.repeat(100_000), '\u0000'.repeat(100_000), wide, Object.keys(wide)]) {
      expect(field({ type: 'null' }, long).length).toBeLessThan(4000);
    }
    const closed: JsonSchema = { type: 'object', properties: {}, additionalProperties: false };
    expect(answer(closed, wide).length).toBeLessThan(1000);
    expect(answer(closed, { ['x'.repeat(100_000)]: 1 }).length).toBeLessThan(1000);
  });
});
