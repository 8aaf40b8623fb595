import { Controller, Get, Param, Req, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../../identity/caller.js';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { BadRequest, NotFound } from '../../../openstack/faults.js';
import { MicroversionGuard, microversionOf } from '../../../openstack/microversion.guard.js';
import { nextLink } from '../../../openstack/urls/links.js';
import type { Image } from '../../glance/image.js';
import { ImagesService } from '../../glance/images.service.js';
import { pageOf } from '../../query/paging.js';
import { queryOf } from '../../query/query.js';
import { novaImageSummary, novaImageView, novaStatus } from './nova-image.view.js';

/** The last microversion that has these routes. */
const LAST_MICROVERSION = 35;

/** The images as the compute API used to give them, for old clients (nova/api/openstack/compute/images.py). */
@ApiExcludeController()
@Controller('v3/images')
@UseGuards(TenantGuard, MicroversionGuard)
export class NovaImagesController {
  constructor(private readonly images: ImagesService) {}

  @Get()
  list(@Req() request: FastifyRequest): Promise<object> {
    return this.page(request, novaImageSummary);
  }

  @Get('detail')
  listDetails(@Req() request: FastifyRequest): Promise<object> {
    return this.page(request, novaImageView);
  }

  @Get(':id')
  async show(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    assertVersionHasImages(request);
    const image = await this.images.find(callerOf(request).projectId, id);
    if (image === null) throw new NotFound('Image not found.');
    return { image: novaImageView(image, request) };
  }

  private async page(request: FastifyRequest, view: typeof novaImageView): Promise<object> {
    assertVersionHasImages(request);
    const query = pageQuery(request);
    const images = await this.images.list(callerOf(request).projectId);
    const { items, nextMarker } = pageOf(
      images.filter((image) => matches(image, query)),
      query,
      ({ id }) => id,
      (marker) => new BadRequest(`HTTP 400 Bad Request: No image found with ID ${marker}`),
    );
    return {
      images: items.map((image) => view(image, request)),
      ...(nextMarker !== null && { images_links: [nextLink(request, nextMarker)] }),
    };
  }
}

/** As Nova passes it on to Glance: 0 is no limit, and an empty marker counts as missing. */
function pageQuery(request: FastifyRequest): Map<string, string> {
  const query = queryOf(request);
  if (/^0+$/.test(query.get('limit') ?? '')) query.delete('limit');
  if (query.get('marker') === '') query.delete('marker');
  return query;
}

function matches(image: Image, query: ReadonlyMap<string, string>): boolean {
  const { instance_uuid: serverId, image_type: type = 'base' } = image.properties;
  const [name, status, server, wantedType] = ['name', 'status', 'server', 'type'].map((key) =>
    query.get(key),
  );
  return (
    (name === undefined || image.name === name) &&
    (status === undefined || novaStatus(image) === status.toUpperCase()) &&
    // A server may be named by its URL.
    (server === undefined || serverId === server.split('/').at(-1)) &&
    (wantedType === undefined || type === wantedType)
  );
}

function assertVersionHasImages(request: FastifyRequest): void {
  if (microversionOf(request) > LAST_MICROVERSION) throw new NotFound();
}
