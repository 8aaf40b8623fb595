import { byMicroversion } from './by-microversion.js';
import { closedObject } from './closed-object.js';
import { ipAddress, tag, uuid } from './parameter-types.js';

/** The body of `POST /servers/{id}/os-interface`; 2.49 adds the tag. All of it may be left out. */
export const interfaceAttachmentSchema = byMicroversion([49], (version) =>
  closedObject({
    interfaceAttachment: closedObject({
      net_id: { ...uuid, description: 'Id of the network.' },
      port_id: { ...uuid, description: 'Id of the port.' },
      fixed_ips: {
        type: 'array',
        description: 'Address of the new port.',
        minItems: 1,
        maxItems: 1,
        items: closedObject({ ip_address: ipAddress }, ['ip_address']),
      },
      ...(version >= 49 && { tag }),
    }),
  }),
);
