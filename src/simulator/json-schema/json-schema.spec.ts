import { BadRequest } from '../../openstack/faults.js';
import { bodyValidator, type JsonSchema } from './json-schema.js';

/** What the client reads for a body; `accepted` for one that is right. */
function answer(schema: JsonSchema, body: unknown): string {
  try {
    bodyValidator(schema)(body);
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(BadRequest);
    return (error as BadRequest).message;
  }
}

/** A body `{"field": value}` under a schema of the field. */
const field = (schema: JsonSchema, value: unknown) =>
  answer({ type: 'object', properties: { field: schema } }, { field: value });

const complaint = (text: string) => `Invalid input for field/attribute field. Value: ${text}`;

describe('a body that is right', () => {
  it('is given back as it is, with nothing added, converted or removed', () => {
    const body = { count: '1', hints: { any: [null] } };
    const text = JSON.stringify(body);
    const schema: JsonSchema = {
      type: 'object',
      properties: { count: { type: ['integer', 'string'], minimum: 1 }, hints: {} },
    };
    expect(bodyValidator(schema)(body)).toBe(body);
    expect(JSON.stringify(body)).toBe(text);
  });
});

describe('the text for a body that is wrong', () => {
  const text: JsonSchema = { type: 'string', minLength: 1, maxLength: 3, pattern: '^[a-z]*$' };

  it('is that of Nova for a field', () => {
    expect(field(text, '')).toBe(complaint(". '' is too short"));
    expect(field(text, 'abcd')).toBe(complaint("abcd. 'abcd' is too long"));
    expect(field(text, 'A')).toBe(complaint("A. 'A' does not match '^[a-z]*$'"));
    expect(field(text, 1)).toBe(complaint("1. 1 is not of type 'string'"));
    expect(field({ type: ['string', 'null'] }, true)).toBe(
      complaint("True. True is not of type 'string', 'null'"),
    );
    expect(field({ enum: ['SOFT', 'HARD'] }, 'x')).toBe(complaint("x. 'x' is not one of ['SOFT', 'HARD']"));
    expect(field({ enum: [true, false, null] }, 0)).toBe(complaint('0. 0 is not one of [True, False, None]'));
    expect(field({ type: 'array', minItems: 1 }, [])).toBe(complaint('[]. [] is too short'));
    expect(field({ type: 'array', maxItems: 1 }, [1, null])).toBe(
      complaint('[1, None]. [1, None] is too long'),
    );
    expect(field({ type: 'object', minProperties: 1 }, {})).toBe(
      complaint('{}. {} does not have enough properties'),
    );
    expect(field({ type: 'object', maxProperties: 0 }, { a: 1 })).toBe(
      complaint("{'a': 1}. {'a': 1} has too many properties"),
    );
    expect(field({ oneOf: [{ type: 'null' }, { type: 'string', maxLength: 0 }] }, 'x')).toBe(
      complaint("x. 'x' is not valid under any of the given schemas"),
    );
  });

  it('is the bare reason for the whole body', () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: { server: { type: 'object', properties: { name: {} }, required: ['name'] } },
      required: ['server'],
      additionalProperties: false,
    };
    expect(answer(schema, {})).toBe("'server' is a required property");
    expect(answer(schema, { server: { name: 1 }, foo: 1 })).toBe(
      "Additional properties are not allowed ('foo' was unexpected)",
    );
    expect(answer(schema, { server: { name: 1 }, foo: 1, bar: 1 })).toBe(
      "Additional properties are not allowed ('bar', 'foo' were unexpected)",
    );
    expect(answer(schema, [])).toBe("[] is not of type 'object'");
    expect(answer(schema, null)).toBe("None is not of type 'object'");
    expect(answer(schema, undefined)).toBe("None is not of type 'object'");
    expect(answer(schema, { server: {} })).toBe(
      "Invalid input for field/attribute server. Value: {}. 'name' is a required property",
    );
  });

  it('names the innermost field, also in a list and with a slash in its name', () => {
    const list: JsonSchema = { type: 'array', items: { type: 'string' } };
    expect(field(list, ['a', 2])).toBe(
      "Invalid input for field/attribute 1. Value: 2. 2 is not of type 'string'",
    );
    expect(answer({ type: 'object', properties: { 'a/b~c': { type: 'null' } } }, { 'a/b~c': 1 })).toBe(
      "Invalid input for field/attribute a/b~c. Value: 1. 1 is not of type 'null'",
    );
  });

  it('names the format, and for a name says in words of its own what it must be', () => {
    expect(field({ type: 'string', format: 'uuid' }, 'cirros')).toBe(
      complaint("cirros. 'cirros' is not a 'uuid'"),
    );
    expect(field({ type: 'string', format: 'name' }, ' web')).toBe(
      "An invalid 'name' value was provided. " +
        'The name must be: printable characters. Can not start or end with whitespace.',
    );
  });

  it('names the pattern that names of properties must match', () => {
    const metadata: JsonSchema = {
      type: 'object',
      patternProperties: { '^[a-z]+$': {} },
      additionalProperties: false,
    };
    expect(field(metadata, { a: 1, 'x/y': 1 })).toBe(
      complaint("{'a': 1, 'x/y': 1}. 'x/y' does not match any of the regexes: '^[a-z]+$'"),
    );
    expect(field(metadata, { B: 1, A: 1 })).toBe(
      complaint("{'B': 1, 'A': 1}. 'A', 'B' do not match any of the regexes: '^[a-z]+$'"),
    );
  });

  it('sees a property that is named like one of every object', () => {
    const schema: JsonSchema = { type: 'object', properties: {}, additionalProperties: false };
    expect(answer(schema, JSON.parse('{"__proto__": 1}'))).toBe(
      "Additional properties are not allowed ('__proto__' was unexpected)",
    );
    expect(answer(schema, { constructor: 1 })).toBe(
      "Additional properties are not allowed ('constructor' was unexpected)",
    );
  });

  it('shows texts as Python does', () => {
    const never: JsonSchema = { type: 'null' };
    const shown = (value: string) => field(never, value).replace(complaint(`${value}. `), '');
    expect(shown("it's")).toBe("\"it's\" is not of type 'null'");
    expect(shown('it\'s "so"')).toBe("'it\\'s \"so\"' is not of type 'null'");
    expect(shown('a\\b\n\u0000\u00e9\u2028')).toBe("'a\\\\b\\n\\x00é\\u2028' is not of type 'null'");
  });
});

describe('numbers in texts', () => {
  const count: JsonSchema = {
    type: ['integer', 'string'],
    pattern: '^[0-9]*$',
    minimum: 1,
    maximum: 9,
    minLength: 1,
  };

  it('keep to the same bounds as numbers', () => {
    for (const value of [1, '1', '007', 9]) expect(field(count, value)).toBe('accepted');
    expect(field(count, 0)).toBe(complaint('0. 0 is less than the minimum of 1'));
    expect(field(count, '0')).toBe(complaint('0. 0 is less than the minimum of 1'));
    expect(field(count, '10')).toBe(complaint('10. 10 is greater than the maximum of 9'));
    expect(field(count, '')).toBe(complaint(". '' is too short"));
    expect(field(count, 'x')).toBe(complaint("x. 'x' does not match '^[0-9]*$'"));
    expect(field(count, 1.5)).toBe(complaint("1.5. 1.5 is not of type 'integer', 'string'"));
  });
});

describe('what an error never shows', () => {
  const server: JsonSchema = {
    type: 'object',
    properties: {
      name: {},
      adminPass: { type: 'string' },
      user_data: { type: 'string', format: 'base64' },
      public_key: { type: 'string' },
      personality: { type: 'array', items: { type: 'object', properties: { contents: { type: 'string' } } } },
    },
    required: ['name'],
  };
  const about = (content: object) => answer({ type: 'object', properties: { server } }, { server: content });

  it('the value of a secret field', () => {
    expect(about({ name: 1, adminPass: 4711 })).toBe(
      "Invalid input for field/attribute adminPass. Value: . *** is not of type 'string'",
    );
    expect(about({ name: 1, user_data: '47110' })).toBe(
      "Invalid input for field/attribute user_data. Value: . *** is not a 'base64'",
    );
    expect(about({ name: 1, personality: [{ contents: 4711 }] })).not.toContain('4711');
    expect(about({ name: 1, public_key: ['4711'] })).not.toContain('4711');
  });

  it('a secret inside of an object that is shown', () => {
    expect(about({ adminPass: '4711', user_data: ['4711'], personality: [{ contents: '4711' }] })).toBe(
      'Invalid input for field/attribute server. ' +
        "Value: {'adminPass': ***, 'user_data': ***, 'personality': ***}. 'name' is a required property",
    );
  });
});
