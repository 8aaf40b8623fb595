import { SERVER_ACTIONS } from '../../../compute/actions/body-actions.js';
import type { Microversion } from '../../../openstack/microversion.js';
import type { JsonSchema } from '../../json-schema/json-schema.js';
import { byMicroversion } from './by-microversion.js';
import { closedObject, envelope } from './closed-object.js';
import * as types from './parameter-types.js';

/**
 * The body of `POST /servers/{id}/action` for one action: the whole of it, such as
 * `{"reboot": {"type": "SOFT"}}`.
 *
 * @param action the key of the body, one of `SERVER_ACTIONS`
 * @throws Error for any other key, which is a programming error, since the caller has looked the action up
 */
export function serverActionSchema(action: string, version: Microversion): JsonSchema {
  const schema = SCHEMAS.get(action);
  if (schema === undefined) throw new Error(`There is no schema of the action ${action}.`);
  return schema(version);
}

const reboot = always(
  envelope(
    'reboot',
    closedObject(
      {
        type: {
          type: 'string',
          description: 'Whether the guest is asked to reboot, or the power is cut.',
          enum: ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft'],
        },
      },
      ['type'],
    ),
  ),
);

/** 2.19 adds the description, 2.54 the key pair; 2.57 replaces the personality by user data. */
const rebuild = byMicroversion([19, 54, 57], (version) =>
  envelope(
    'rebuild',
    closedObject(
      {
        name: { ...types.name, description: 'New name of the server.' },
        imageRef: { ...types.uuid, description: 'Id of the image.' },
        adminPass: types.adminPass,
        metadata: types.metadata,
        preserve_ephemeral: { ...types.booleanLike, description: 'Whether the ephemeral disk is kept.' },
        'OS-DCF:diskConfig': types.diskConfig,
        accessIPv4: types.accessIPv4,
        accessIPv6: types.accessIPv6,
        ...(version < 57 && { personality: types.personality }),
        ...(version >= 19 && { description: types.description }),
        ...(version >= 54 && { key_name: types.nameOrNull }),
        ...(version >= 57 && { user_data: { ...types.userData, type: ['string', 'null'] } }),
      },
      ['imageRef'],
    ),
  ),
);

const resize = always(
  envelope(
    'resize',
    closedObject({ flavorRef: types.flavorRef, 'OS-DCF:diskConfig': types.diskConfig }, ['flavorRef']),
  ),
);

const rescue = always(
  envelope('rescue', {
    ...closedObject({
      adminPass: types.adminPass,
      rescue_image_ref: { ...types.uuid, description: 'Id of the image to start from.' },
    }),
    type: ['object', 'null'],
  }),
);

const createImage = always(
  envelope(
    'createImage',
    closedObject({ name: { ...types.name, description: 'Name of the image.' }, metadata: types.metadata }, [
      'name',
    ]),
  ),
);

const changePassword = always(
  envelope('changePassword', closedObject({ adminPass: types.adminPass }, ['adminPass'])),
);

/** By the key of the body. Actions without parameters take any value, as in Nova; clients send null or {}. */
const SCHEMAS = new Map<string, (version: Microversion) => JsonSchema>([
  ...Object.keys(SERVER_ACTIONS).map((action) => [action, always(envelope(action, {}))] as const),
  ['reboot', reboot],
  ['rebuild', rebuild],
  ['resize', resize],
  ['rescue', rescue],
  ['createImage', createImage],
  ['changePassword', changePassword],
]);

function always(schema: JsonSchema): () => JsonSchema {
  return () => schema;
}
