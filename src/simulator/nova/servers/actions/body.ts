import { SERVER_REQUESTS } from '../../../../compute/actions/url-actions.js';
import type { ComputeRequest } from '../../../../compute/compute.service.js';
import type { Microversion } from '../../../../openstack/microversion.js';
import { bodyValidator } from '../../../json-schema/json-schema.js';
import { interfaceAttachmentSchema } from '../../schemas/interfaces.js';
import { serverActionSchema } from '../../schemas/server-actions.js';
import { volumeAttachmentSchema, volumeSwapSchema } from '../../schemas/volume-attachments.js';

/**
 * Checks the body of a request on a server against its schema.
 *
 * @throws BadRequest in Nova's words
 */
export function validateBody({ task, body, microversion }: ComputeRequest): void {
  const schema = schemaOf(task, body, microversion);
  if (schema !== null) bodyValidator(schema)(body);
}

function schemaOf(task: string, body: unknown, version: Microversion) {
  switch (task) {
    case SERVER_REQUESTS.attachInterface.task:
      // The body may be missing: Nova then chooses a network.
      return body === undefined ? null : interfaceAttachmentSchema(version);
    case SERVER_REQUESTS.attachVolume.task:
      return volumeAttachmentSchema(version);
    case SERVER_REQUESTS.swapVolume.task:
      return volumeSwapSchema();
    case SERVER_REQUESTS.delete.task:
    case SERVER_REQUESTS.detachInterface.task:
    case SERVER_REQUESTS.detachVolume.task:
      return null;
  }
  const [key = ''] = Object.keys(body as object);
  return serverActionSchema(key, version);
}
