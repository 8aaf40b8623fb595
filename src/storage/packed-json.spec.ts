import fc from 'fast-check';
import { packedJson } from './packed-json.js';

const stored = (value: unknown) => packedJson.to(value) as Buffer;

describe('JSON in the database', () => {
  it('comes back as it was', () => {
    const texts = fc.oneof(
      fc.uuid(),
      fc.string({ unit: 'binary' }),
      fc.uuid().map((uuid) => `a"${uuid}"\\`),
    );
    const values = fc.dictionary(texts, fc.oneof(texts, fc.array(texts), fc.integer(), fc.constant(null)));
    fc.assert(fc.property(values, (value) => expect(packedJson.from(stored(value))).toEqual(value)));
  });

  it('has 17 bytes for a uuid, whatever they are', () => {
    expect(stored({ server: '6c0ff5be-7f4d-4d5c-9c7e-0e6f0f5b7a11' })).toHaveLength(28);
    for (const uuid of ['01010101-0101-0101-0101-010101010101', '22222222-2222-2222-2222-222222222222']) {
      const value = { a: uuid, b: [uuid, uuid] };
      expect(packedJson.from(stored(value))).toEqual(value);
    }
  });

  it('packs a uuid that comes after a text as long as one', () => {
    const value = {
      é: 'not a uuid, but as long as one: éééé',
      server: '6c0ff5be-7f4d-4d5c-9c7e-0e6f0f5b7a11',
    };
    expect(value['é']).toHaveLength(36);
    expect(stored(value)).toHaveLength(Buffer.byteLength(JSON.stringify(value)) - 21);
    expect(packedJson.from(stored(value))).toEqual(value);
  });

  it('is left as it is without one', () => {
    expect(stored({ order: 17 }).toString()).toBe('{"order":17}');
    expect([packedJson.to(null), packedJson.from(null)]).toEqual([null, null]);
  });
});
