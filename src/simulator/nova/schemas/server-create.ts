import { blockDeviceMapping, blockDeviceMappingV2 } from './block-device-mapping.js';
import { byMicroversion } from './by-microversion.js';
import { closedObject } from './closed-object.js';
import { networks } from './networks.js';
import * as types from './parameter-types.js';
import { schedulerHints } from './scheduler-hints.js';

/**
 * The body of `POST /servers` (nova/api/openstack/compute/schemas/servers.py, `create`).
 *
 * 2.19 adds the description, 2.52 the tags; 2.37 requires the networks; 2.57 removes the personality. Devices have tags
 * at 2.32 only and from 2.42 on.
 */
export const serverCreateSchema = byMicroversion([19, 32, 33, 37, 42, 52, 57], (version) => {
  const server = closedObject(
    {
      name: { ...types.name, description: 'Name of the server.' },
      imageRef: {
        description: 'Id of the image; empty for a server that boots from a volume.',
        oneOf: [types.uuid, { type: 'string', maxLength: 0 }],
      },
      flavorRef: types.flavorRef,
      adminPass: types.adminPass,
      metadata: types.metadata,
      networks: networks(version),
      'OS-DCF:diskConfig': types.diskConfig,
      accessIPv4: types.accessIPv4,
      accessIPv6: types.accessIPv6,
      availability_zone: { ...types.name, description: 'Where the server should run.' },
      block_device_mapping: blockDeviceMapping,
      block_device_mapping_v2: blockDeviceMappingV2({ withTag: version === 32 || version >= 42 }),
      config_drive: { ...types.booleanLike, description: 'Whether the server gets a configuration drive.' },
      key_name: { ...types.name, description: 'Name of a key pair.' },
      min_count: { ...types.positiveInteger, description: 'The minimum number of servers to make.' },
      max_count: { ...types.positiveInteger, description: 'The maximum number of servers to make.' },
      return_reservation_id: {
        ...types.booleanLike,
        description: 'Whether the answer names the reservation instead of the server.',
      },
      security_groups: {
        type: 'array',
        description: 'Security groups of the server.',
        items: closedObject({ name: { ...types.name, description: 'Name or id of the group.' } }),
      },
      user_data: types.userData,
      ...(version < 57 && { personality: types.personality }),
      ...(version >= 19 && { description: types.description }),
      ...(version >= 52 && {
        tags: { type: 'array', description: 'Tags of the server.', items: types.tag, maxItems: 50 },
      }),
    },
    ['name', 'flavorRef', ...(version >= 37 ? ['networks'] : [])],
  );
  return closedObject(
    { server, 'os:scheduler_hints': schedulerHints, 'OS-SCH-HNT:scheduler_hints': schedulerHints },
    ['server'],
  );
});
