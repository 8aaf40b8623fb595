import type { JsonSchema } from '../../json-schema/json-schema.js';
import { byMicroversion } from './by-microversion.js';
import { closedObject, envelope } from './closed-object.js';
import { tag, uuid } from './parameter-types.js';

const volumeId: JsonSchema = { ...uuid, description: 'Id of the volume.' };

/** The body of `POST /servers/{id}/os-volume_attachments`; 2.49 adds the tag. */
export const volumeAttachmentSchema = byMicroversion([49], (version) =>
  envelope(
    'volumeAttachment',
    closedObject(
      {
        volumeId,
        device: {
          type: ['string', 'null'],
          description: 'Device name in the server, such as /dev/vdb.',
          pattern: '(^/dev/x{0,1}[a-z]{0,1}d{0,1})([a-z]+)[0-9]*$',
        },
        ...(version >= 49 && { tag }),
      },
      ['volumeId'],
    ),
  ),
);

const swap = envelope('volumeAttachment', closedObject({ volumeId }, ['volumeId']));

/** The body of `PUT /servers/{id}/os-volume_attachments/{volume}`: the volume to put in its place. */
export function volumeSwapSchema(): JsonSchema {
  return swap;
}
