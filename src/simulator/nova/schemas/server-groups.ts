import { byMicroversion } from './by-microversion.js';
import { closedObject, envelope } from './closed-object.js';
import * as types from './parameter-types.js';
import { nonNegativeInteger, querySchema, text } from './query.js';

/** The body of `POST /os-server-groups`; 2.15 adds the soft policies. */
export const serverGroupCreateSchema = byMicroversion([15], (version) =>
  envelope(
    'server_group',
    closedObject(
      {
        name: types.name,
        policies: {
          type: 'array',
          minItems: 1,
          maxItems: 1,
          items: {
            type: 'string',
            enum: [
              ...['anti-affinity', 'affinity'],
              ...(version >= 15 ? ['soft-anti-affinity', 'soft-affinity'] : []),
            ],
          },
        },
      },
      ['name', 'policies'],
    ),
  ),
);

export const serverGroupListSchema = querySchema({
  all_projects: text,
  limit: nonNegativeInteger,
  offset: nonNegativeInteger,
});
