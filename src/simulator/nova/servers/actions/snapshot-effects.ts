import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { origin } from '../../../../openstack/urls/links.js';
import { ImagesService } from '../../../glance/images.service.js';
import type { EffectOf } from './effect.js';

/** `createImage`: the image exists at once, as `queued`, and becomes `active` when the operation ends. */
@Injectable()
export class SnapshotEffects {
  constructor(private readonly images: ImagesService) {}

  readonly effects: Readonly<Record<string, EffectOf>> = {
    createImage: ({ body, caller, http, microversion }, server) => {
      const { name, metadata } = (
        body as { createImage: { name: string; metadata?: Record<string, string> } }
      ).createImage;
      const id = randomUUID();
      return {
        ...(microversion >= 45
          ? { body: { image_id: id } }
          : { headers: { Location: `${origin(http)}/image/v2/images/${id}` } }),
        resource: { image: id },
        detail: { imageId: id },
        statements: [
          this.images.insertSnapshot({
            id,
            name: name.trim(),
            projectId: caller.projectId,
            userId: caller.userId,
            serverId: server.id,
            baseImageId: server.data.imageRef,
            metadata: metadata ?? {},
          }),
        ],
      };
    },
  };
}
