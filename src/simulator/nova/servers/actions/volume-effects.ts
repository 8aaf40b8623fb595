import type { ComputeRequest } from '../../../../compute/compute.service.js';
import { BadRequest, NotFound } from '../../../../openstack/faults.js';
import type { SimulatedServer, ServerVolume } from '../server.entity.js';
import type { EffectOf } from './effect.js';

/**
 * Attaching, swapping and detaching volumes. The simulated cloud has no volume service: any id is an existing volume,
 * and may be attached to any number of servers.
 */
export const volumeEffects: Readonly<Record<string, EffectOf>> = {
  attach_volume: ({ body }, { id, data }) => {
    const { volumeId, device: asked } = (
      body as { volumeAttachment: { volumeId: string; device?: string | null } }
    ).volumeAttachment;
    if (data.volumes.some((volume) => volume.volumeId === volumeId)) {
      throw new BadRequest(`Invalid volume: volume ${volumeId} already attached`);
    }
    const volume = { volumeId, device: asked ?? nextDevice(data.volumes), deleteOnTermination: false };
    return {
      changes: { data: { ...data, volumes: [...data.volumes, volume] } },
      body: { volumeAttachment: volumeAttachmentView(volume, id) },
      resource: { volume: volumeId },
    };
  },

  swap_volume: (request, server) => {
    const { volumeId } = attached(request, server);
    const { volumeId: newVolumeId } = (request.body as { volumeAttachment: { volumeId: string } })
      .volumeAttachment;
    return { resource: { volume: newVolumeId }, detail: { volumeId, newVolumeId } };
  },

  detach_volume: (request, server) => {
    const { volumeId } = attached(request, server);
    return { resource: { volume: volumeId }, detail: { volumeId } };
  },
};

/** An attachment as `os-volume_attachments` shows it. Its id is the volume's, as in Nova. */
export function volumeAttachmentView({ volumeId, device }: ServerVolume, serverId: string): object {
  return { id: volumeId, volumeId, serverId, device };
}

function attached({ subresourceId }: ComputeRequest, { id, data }: SimulatedServer): ServerVolume {
  const volume = data.volumes.find(({ volumeId }) => volumeId === subresourceId);
  if (volume === undefined) throw new NotFound(`Instance ${id} is not attached to volume ${subresourceId}`);
  return volume;
}

/** The root disk is vda. */
function nextDevice(volumes: ServerVolume[]): string {
  const used = new Set(volumes.map(({ device }) => device));
  for (const letter of 'bcdefghijklmnopqrstuvwxyz') {
    if (!used.has(`/dev/vd${letter}`)) return `/dev/vd${letter}`;
  }
  throw new BadRequest('The server has no free device for a volume.');
}
