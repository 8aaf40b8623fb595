import { byMicroversion } from './by-microversion.js';
import { closedObject, envelope } from './closed-object.js';
import * as types from './parameter-types.js';
import { paging, querySchema, text } from './query.js';

/**
 * The body of `POST /os-keypairs`; 2.2 adds the type, 2.10 the user. Nova bounds the user's id by its database
 * alone, and fails there.
 */
export const keypairCreateSchema = byMicroversion([2, 10], (version) =>
  envelope(
    'keypair',
    closedObject(
      {
        name: {
          description: 'Name of the key pair.',
          allOf: [
            types.name,
            { type: 'string', pattern: '^[_\\- a-zA-Z0-9]+$', minLength: 1, maxLength: 255 },
          ],
        },
        public_key: { type: 'string', description: 'A key to import; if left out, a pair is made.' },
        ...(version >= 2 && {
          type: { type: 'string', description: 'Kind of the key.', enum: ['ssh', 'x509'] },
        }),
        ...(version >= 10 && {
          user_id: { type: 'string', description: 'The owner; for administrators only.', maxLength: 255 },
        }),
      },
      ['name'],
    ),
  ),
);

/** Below the first microversion with pages, any UTF-8. */
export const anyQuery = querySchema({});

export const keypairListSchema = querySchema({ user_id: text, ...paging });
