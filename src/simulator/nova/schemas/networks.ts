import type { Microversion } from '../../../openstack/microversion.js';
import type { JsonSchema } from '../../json-schema/json-schema.js';
import { closedObject } from './closed-object.js';
import { ipAddress, tag, uuid } from './parameter-types.js';

/** The networks of a new server. Tags exist from 2.32 to 2.36, and again from 2.42 on. */
export function networks(version: Microversion): JsonSchema {
  const list: JsonSchema = {
    type: 'array',
    description: 'Networks or ports of the server.',
    items: closedObject({
      uuid: { ...(version < 37 ? { type: 'string' } : uuid), description: 'Id of a network.' },
      port: { type: ['string', 'null'], description: 'Id of a port.', format: 'uuid' },
      fixed_ip: ipAddress,
      ...(((version >= 32 && version < 37) || version >= 42) && { tag }),
    }),
  };
  return version < 37 ? list : { oneOf: [list, { type: 'string', enum: ['none', 'auto'] }] };
}
