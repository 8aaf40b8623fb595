import type { FastifyRequest } from 'fastify';
import { origin, resourceLinks } from '../../../openstack/urls/links.js';
import type { Image } from '../../glance/image.js';

const STATUS = { queued: 'SAVING', active: 'ACTIVE', deleted: 'DELETED' };
const PROGRESS = { queued: 25, active: 100, deleted: 0 };

/** An image as Nova lists it (nova/api/openstack/compute/views/images.py, `basic`). */
export function novaImageSummary({ id, name }: Image, request: FastifyRequest): object {
  return {
    id,
    name,
    links: [
      ...resourceLinks(request, `images/${id}`),
      {
        rel: 'alternate',
        type: 'application/vnd.openstack.image',
        href: `${origin(request)}/image/images/${id}`,
      },
    ],
  };
}

/** An image as Nova shows it (nova/api/openstack/compute/views/images.py, `show`). */
export function novaImageView(image: Image, request: FastifyRequest): object {
  const serverId = image.properties['instance_uuid'];
  return {
    ...novaImageSummary(image, request),
    status: novaStatus(image),
    progress: PROGRESS[image.status],
    created: novaTime(image.createdAt),
    updated: novaTime(image.updatedAt),
    minDisk: 0,
    minRam: 0,
    metadata: image.properties,
    'OS-EXT-IMG-SIZE:size': image.size ?? 0,
    ...(serverId !== undefined && {
      server: { id: serverId, links: resourceLinks(request, `servers/${serverId}`) },
    }),
  };
}

/** Nova's word for an image's status. */
export function novaStatus({ status }: Image): string {
  return STATUS[status];
}

function novaTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+/, '');
}
