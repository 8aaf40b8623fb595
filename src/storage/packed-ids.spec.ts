import fc from 'fast-check';
import { fromIds } from '../../test/arbitraries/ids.js';
import { byteStringOf, bytesOf } from './bytes.js';
import { idBytes, idOf, ids, packedBytes, packedByteStrings } from './packed-ids.js';

const UUID = '6c0ff5be-7f4d-4d5c-9c7e-0e6f0f5b7a11';

describe('an id in the database', () => {
  it.each([
    [UUID, 17],
    [UUID.replaceAll('-', ''), 17],
    [`req-${UUID}`, 17],
    ['demo', 4],
    ['', 0],
    [UUID.toUpperCase(), 36],
    [UUID.replace('-', '0'), 36],
    [UUID.replace('6', '-'), 36],
    [`reQ-${UUID}`, 40],
    [`xreq${UUID}`, 40],
    ['g'.repeat(32), 32],
    ['größe', 7],
    ['\x01', 2],
    ['\0', 2],
  ])('%j comes back as it was, from %d bytes', (id, size) => {
    expect([idOf(idBytes(id)), idBytes(id).length]).toEqual([id, size]);
    expect(ids.from(ids.to(id))).toBe(id);
  });

  it('comes back as it was, whatever it is, and is no other one', () => {
    fc.assert(
      fc.property(fromIds, fromIds, (one, other) => {
        expect(idOf(idBytes(one))).toBe(one);
        expect(idBytes(one).equals(idBytes(other))).toBe(one === other);
      }),
    );
  });

  it('is read from any bytes that a driver gives', () => {
    expect(idOf(new Uint8Array(idBytes(UUID)))).toBe(UUID);
    expect([ids.to(null), ids.from(null)]).toEqual([null, null]);
  });
});

describe('a byte string that may be an id', () => {
  it('comes back as it was, whatever its bytes', () => {
    const byteStrings = fc.oneof(fc.uint8Array({ maxLength: 50 }).map(byteStringOf), fc.uuid());
    fc.assert(
      fc.property(byteStrings, byteStrings, (one, other) => {
        expect(packedByteStrings.from(packedByteStrings.to(one))).toBe(one);
        expect(packedBytes(one).equals(packedBytes(other))).toBe(one === other);
      }),
    );
  });

  it('is stored as it is, unless it is a uuid', () => {
    expect(packedBytes('\xff\xfe odd')).toEqual(bytesOf('\xff\xfe odd'));
    expect(packedBytes(UUID)).toHaveLength(17);
  });
});
