import fc from 'fast-check';
import { isUuid, uuidBytes, uuidOf, uuids } from './bytes.js';

describe('a uuid in the database', () => {
  it('is 16 bytes, and comes back as it was', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(uuidBytes(uuid).toString('hex')).toBe(uuid.replaceAll('-', ''));
        expect(uuids.from(uuids.to(uuid))).toBe(uuid);
      }),
    );
  });

  it('has bytes in the order of the texts', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (one, other) => {
        expect(Math.sign(uuidBytes(one).compare(uuidBytes(other)))).toBe(
          one === other ? 0 : one < other ? -1 : 1,
        );
      }),
    );
  });

  const uuid = '01a206bf-6dfb-736d-ab4c-140248cab156';

  it.each([
    '',
    'order-4711',
    uuid.toUpperCase(),
    uuid.replaceAll('-', ''),
    `${uuid} `,
    uuid.slice(1),
    `{${uuid.slice(2)}}`,
    uuid.replace('-', '0'),
    uuid.replace('0', '-'),
    uuid.replace('a', 'g'),
    uuid.replace('a', '\u0161'),
    '0123456789abcdef',
  ])('is no other text: %j has no bytes, so it finds nothing', (text) => {
    expect([isUuid(text), uuidBytes(text)]).toEqual([false, Buffer.alloc(0)]);
  });

  it('may come as any array of bytes, as a driver gives it', () => {
    expect(uuidOf(new Uint8Array(uuidBytes(uuid)))).toBe(uuid);
  });
});
