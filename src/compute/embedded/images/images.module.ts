import { Module } from '@nestjs/common';
import { EmbeddedImage } from './image.entity.js';
import { ImageVersionsController } from './image-versions.controller.js';
import { ImagesController } from './images.controller.js';
import { ImagesService } from './images.service.js';
import { NovaImagesController } from './nova-images.controller.js';
import { UnknownImageRouteController } from './unknown-image-route.controller.js';

/** The entities that the host's data source must know. */
export const EMBEDDED_IMAGES_ENTITIES = [EmbeddedImage];

/** A small Glance: two images for everybody, and the snapshots that servers are saved to. */
@Module({
  providers: [ImagesService],
  controllers: [ImageVersionsController, ImagesController, NovaImagesController, UnknownImageRouteController],
  exports: [ImagesService],
})
export class EmbeddedImagesModule {}
