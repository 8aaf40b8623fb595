import { SERVER_ACTIONS } from '../../../compute/actions/body-actions.js';
import { MAX_MICROVERSION, type Microversion, MIN_MICROVERSION } from '../../../openstack/microversion.js';
import { bodyValidator, type JsonSchema } from '../../json-schema/json-schema.js';
import { interfaceAttachmentSchema } from './interfaces.js';
import { keypairCreateSchema } from './keypairs.js';
import { metadataItemSchema, metadataSchema } from './metadata.js';
import { serverActionSchema } from './server-actions.js';
import { serverCreateSchema } from './server-create.js';
import { serverUpdateSchema } from './server-update.js';
import { tagsSchema } from './tags.js';
import { volumeAttachmentSchema, volumeSwapSchema } from './volume-attachments.js';

const IMAGE = '70a599e0-31e7-49b7-b260-868f441e862b';
const VERSIONS = Array.from({ length: MAX_MICROVERSION }, (_, index) => MIN_MICROVERSION + index);

function takes(schema: JsonSchema, body: unknown): boolean {
  try {
    bodyValidator(schema)(body);
    return true;
  } catch {
    return false;
  }
}

/** The first microversion of all that take a body, and the last. */
function range(schema: (version: Microversion) => JsonSchema, body: unknown): [number?, number?] {
  const taking = VERSIONS.filter((version) => takes(schema(version), body));
  return [taking[0], taking.at(-1)];
}

const create = (properties: object) => ({
  server: { name: 'web', flavorRef: '1', networks: [], ...properties },
});
const rebuild = (properties: object) => ({ rebuild: { imageRef: IMAGE, ...properties } });

describe('each schema', () => {
  it('has few variants, and compiles', () => {
    const byVersion = {
      create: serverCreateSchema,
      update: serverUpdateSchema,
      interface: interfaceAttachmentSchema,
      volume: volumeAttachmentSchema,
      keypair: keypairCreateSchema,
      rebuild: (version: Microversion) => serverActionSchema('rebuild', version),
    };
    const counts = Object.entries(byVersion).map(([name, schema]) => {
      const variants = new Set(VERSIONS.map(schema));
      variants.forEach((variant) => expect(takes(variant, null)).toBe(false));
      return [name, variants.size];
    });
    expect(Object.fromEntries(counts)).toEqual({
      create: 8,
      update: 2,
      interface: 2,
      volume: 2,
      keypair: 3,
      rebuild: 4,
    });
  });
});

describe('what the command line sends to create a server', () => {
  it('is taken, in the old form and in the new one', () => {
    const old = { name: 'web', imageRef: IMAGE, flavorRef: '1', min_count: 1, max_count: 1 };
    expect(takes(serverCreateSchema(1), { server: old })).toBe(true);
    const disk = {
      uuid: IMAGE,
      boot_index: 0,
      source_type: 'image',
      destination_type: 'local',
      delete_on_termination: true,
    };
    const current = { ...old, networks: 'auto', block_device_mapping_v2: [disk] };
    expect(takes(serverCreateSchema(60), { server: current })).toBe(true);
  });
});

describe('a property', () => {
  it.each([
    ['description', create({ description: null }), [19, 60]],
    ['networks: auto', create({ networks: 'auto' }), [37, 60]],
    ['a network by name', create({ networks: [{ uuid: 'private' }] }), [1, 36]],
    ['tags', create({ tags: ['a'] }), [52, 60]],
    ['personality', create({ personality: [] }), [1, 56]],
    ['no networks', { server: { name: 'web', flavorRef: 1 } }, [1, 36]],
  ])('of a new server, %s, is taken at the microversions of Nova', (_, body, expected) => {
    expect(range(serverCreateSchema, body)).toEqual(expected);
  });

  it('of a device or a network, its tag, came and went', () => {
    const disk = create({ block_device_mapping_v2: [{ tag: 'a' }] });
    const network = create({ networks: [{ tag: 'a' }] });
    const taking = (body: object) =>
      [31, 32, 33, 36, 37, 41, 42].filter((v) => takes(serverCreateSchema(v), body));
    expect(taking(disk)).toEqual([32, 42]);
    expect(taking(network)).toEqual([32, 33, 36, 42]);
  });

  it.each([
    ['description', rebuild({ description: 'x' }), [19, 60]],
    ['key_name', rebuild({ key_name: null }), [54, 60]],
    ['user_data', rebuild({ user_data: null }), [57, 60]],
    ['personality', rebuild({ personality: [] }), [1, 56]],
  ])('of a rebuild, %s, is taken at the microversions of Nova', (_, body, expected) => {
    expect(range((version) => serverActionSchema('rebuild', version), body)).toEqual(expected);
  });

  it('that Nova does not know is refused everywhere but among the hints to the scheduler', () => {
    expect(takes(serverCreateSchema(1), create({ foo: 1 }))).toBe(false);
    expect(takes(serverCreateSchema(1), { ...create({}), foo: 1 })).toBe(false);
    expect(takes(serverCreateSchema(1), { ...create({}), 'os:scheduler_hints': { foo: [1] } })).toBe(true);
  });

  it('of a key pair is taken at the microversions of Nova', () => {
    expect(range(keypairCreateSchema, { keypair: { name: 'a', type: 'ssh' } })).toEqual([2, 60]);
    expect(range(keypairCreateSchema, { keypair: { name: 'a', user_id: 'u' } })).toEqual([10, 60]);
    expect(range(keypairCreateSchema, { keypair: { name: 'a.b' } })).toEqual([undefined, undefined]);
  });
});

describe('an action', () => {
  it('without parameters takes any value, but none beside it', () => {
    const plain = Object.keys(SERVER_ACTIONS).filter(
      (action) =>
        !['reboot', 'rebuild', 'resize', 'rescue', 'createImage', 'changePassword'].includes(action),
    );
    expect(plain).toContain('os-start');
    for (const action of plain) {
      for (const value of [null, {}, { a: [] }, 1]) {
        expect(takes(serverActionSchema(action, 1), { [action]: value })).toBe(true);
      }
      expect(takes(serverActionSchema(action, 1), { [action]: null, other: null })).toBe(false);
    }
  });

  it('with parameters needs them', () => {
    const act = (body: Record<string, unknown>) =>
      takes(serverActionSchema(Object.keys(body)[0] ?? '', 1), body);
    expect([act({ reboot: { type: 'SOFT' } }), act({ reboot: {} }), act({ reboot: null })]).toEqual([
      true,
      false,
      false,
    ]);
    expect([act({ resize: { flavorRef: '2' } }), act({ resize: {} })]).toEqual([true, false]);
    expect([act({ rescue: null }), act({ rescue: { adminPass: 'x' } }), act({ rescue: 'x' })]).toEqual([
      true,
      true,
      false,
    ]);
    expect([act({ createImage: { name: 'x' } }), act({ createImage: {} })]).toEqual([true, false]);
    expect([act({ changePassword: { adminPass: 'x' } }), act({ changePassword: {} })]).toEqual([true, false]);
  });
});

describe('the bodies of what belongs to a server', () => {
  it('are those of Nova', () => {
    const interfaceAttachment = { net_id: IMAGE, fixed_ips: [{ ip_address: '10.0.0.1' }] };
    expect(takes(interfaceAttachmentSchema(1), { interfaceAttachment })).toBe(true);
    expect(takes(interfaceAttachmentSchema(1), {})).toBe(true);
    expect(range(interfaceAttachmentSchema, { interfaceAttachment: { tag: 'a' } })).toEqual([49, 60]);
    expect(
      takes(volumeAttachmentSchema(1), { volumeAttachment: { volumeId: IMAGE, device: '/dev/vdb' } }),
    ).toBe(true);
    expect(takes(volumeAttachmentSchema(1), { volumeAttachment: {} })).toBe(false);
    expect(takes(volumeSwapSchema(), { volumeAttachment: { volumeId: IMAGE, device: '/dev/vdb' } })).toBe(
      false,
    );
    expect(takes(metadataSchema(), { metadata: { 'a-b_c:d.e f': 'x' } })).toBe(true);
    expect(takes(metadataItemSchema(), { meta: { a: 'x', b: 'x' } })).toBe(false);
    expect(takes(tagsSchema(), { tags: Array.from({ length: 51 }, (_, index) => `${index}`) })).toBe(false);
    expect(takes(serverUpdateSchema(1), { server: { accessIPv4: '10.0.0.1' } })).toBe(true);
  });
});
