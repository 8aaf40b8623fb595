import fc from 'fast-check';

/** Ids of every form, texts that look like one, and others. */
export const fromIds: fc.Arbitrary<string> = fc.oneof(
  fc.uuid(),
  fc.uuid().map((uuid) => uuid.replaceAll('-', '')),
  fc.uuid().map((uuid) => `req-${uuid}`),
  fc.uuid().map((uuid) => uuid.slice(0, 20)),
  fc.uuid().map((uuid) => uuid.toUpperCase()),
  fc.uuid().map((uuid) => uuid.replace('-', 'f')),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('\0', '\x01', '\x02', '\x03', '\x04', 'f', '-'), maxLength: 5 }),
);
