import type { JsonSchema } from '../../json-schema/json-schema.js';
import { closedObject } from './closed-object.js';
import { booleanLike, tag, uuid, volumeSize } from './parameter-types.js';

/** The disks of a server in the form of the EC2 API (nova/api/openstack/compute/schemas/servers.py). */
export const blockDeviceMapping: JsonSchema = {
  type: 'array',
  description: 'Disks of the server, in the older form.',
  items: closedObject(legacyProperties()),
};

/** The disks of a server. */
export function blockDeviceMappingV2({ withTag }: { withTag: boolean }): JsonSchema {
  return {
    type: 'array',
    description: 'Disks of the server.',
    items: closedObject({
      ...legacyProperties(),
      source_type: {
        type: 'string',
        description: 'Kind of source of the disk.',
        enum: ['volume', 'image', 'snapshot', 'blank'],
      },
      uuid: {
        type: 'string',
        description: 'Id of the source.',
        minLength: 1,
        maxLength: 255,
        pattern: '^[a-zA-Z0-9._-]*$',
      },
      image_id: uuid,
      destination_type: {
        type: 'string',
        description: 'Where it is kept.',
        enum: ['local', 'volume'],
      },
      guest_format: { type: 'string', maxLength: 255 },
      device_type: { type: 'string', maxLength: 255 },
      disk_bus: { type: 'string', maxLength: 255 },
      boot_index: {
        type: ['integer', 'string', 'null'],
        description: 'Order in which the disks are tried for booting.',
        pattern: '^-?[0-9]+$',
      },
      ...(withTag && { tag }),
    }),
  };
}

function legacyProperties(): Record<string, JsonSchema> {
  return {
    virtual_name: { type: 'string', maxLength: 255 },
    volume_id: uuid,
    snapshot_id: uuid,
    volume_size: volumeSize,
    device_name: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[a-zA-Z0-9._/-]*$' },
    delete_on_termination: booleanLike,
    no_device: {},
    connection_info: { type: 'string', maxLength: 16777215 },
  };
}
