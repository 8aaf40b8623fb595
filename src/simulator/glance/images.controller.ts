import { Controller, Delete, Get, HttpCode, Param, Query, Req, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../identity/caller.js';
import { TenantGuard } from '../../identity/tenant.guard.js';
import { Forbidden, NotFound } from '../../openstack/faults.js';
import { ImageFaultFilter } from './image-fault.filter.js';
import { imageList, type ListQuery } from './image-list.js';
import { type Image, PUBLIC_IMAGES } from './image.js';
import { imageView } from './image.view.js';
import { ImagesService } from './images.service.js';

/** The image service: looking at images, and deleting one's own (glance/api/v2/images.py). */
@ApiTags('simulated cloud')
@Controller('image/v2')
@UseGuards(TenantGuard)
@UseFilters(ImageFaultFilter)
export class ImagesController {
  constructor(private readonly images: ImagesService) {}

  @Get('images')
  @ApiOperation({ summary: 'List images, public ones and snapshots of the project' })
  async list(@Req() request: FastifyRequest, @Query() query: ListQuery): Promise<object> {
    const images = await this.images.list(callerOf(request).projectId);
    return imageList(images.map(imageView), query, request.originalUrl);
  }

  @Get('images/:id')
  @ApiOperation({ summary: 'Show an image' })
  @ApiParam({ name: 'id', type: String, example: PUBLIC_IMAGES.at(-1)?.id })
  async show(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    return imageView(await this.find(request, id));
  }

  @Delete('images/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a snapshot' })
  async delete(@Req() request: FastifyRequest, @Param('id') id: string): Promise<void> {
    const image = await this.find(request, id);
    if (image.protected) throw new Forbidden(`Image ${id} is protected and cannot be deleted.`);
    if (!(await this.images.deleteSnapshot(image.projectId, id))) throw notFound(id);
  }

  /** For clients that check what they get; any property is allowed. */
  @Get('schemas/image')
  @ApiExcludeEndpoint()
  imageSchema(): object {
    const names = Object.keys(imageView(PUBLIC_IMAGES[0] as Image));
    return {
      name: 'image',
      properties: Object.fromEntries(names.map((name) => [name, {}])),
      additionalProperties: true,
    };
  }

  @Get('schemas/images')
  @ApiExcludeEndpoint()
  imagesSchema(): object {
    return { name: 'images', properties: { images: { type: 'array', items: this.imageSchema() } } };
  }

  private async find(request: FastifyRequest, id: string): Promise<Image> {
    const image = await this.images.find(callerOf(request).projectId, id);
    if (image === null) throw notFound(id);
    return image;
  }
}

function notFound(id: string): NotFound {
  return new NotFound(`No image found with ID ${id}`);
}
