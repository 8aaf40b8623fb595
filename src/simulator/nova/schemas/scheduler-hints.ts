import type { JsonSchema } from '../../json-schema/json-schema.js';
import { ipAddress, name, uuid } from './parameter-types.js';

const servers: JsonSchema = { type: 'array', items: uuid };

/** Hints for the scheduler. Only these may have properties of any name: schedulers can be extended. */
export const schedulerHints: JsonSchema = {
  type: 'object',
  description: 'Hints on where the server should run.',
  properties: {
    group: { oneOf: [servers, uuid] },
    different_host: { oneOf: [uuid, servers] },
    same_host: { type: ['string', 'array'], items: uuid },
    query: { type: ['string', 'object'] },
    target_cell: name,
    different_cell: { type: ['string', 'array'], items: { type: 'string' } },
    build_near_host_ip: ipAddress,
    cidr: { type: 'string', pattern: '^/[0-9a-f.:]+$' },
  },
  additionalProperties: true,
};
