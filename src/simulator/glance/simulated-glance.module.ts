import { Module } from '@nestjs/common';
import { NovaImagesController } from '../nova/images/nova-images.controller.js';
import { ImageVersionsController } from './image-versions.controller.js';
import { SimulatedImage } from './image.entity.js';
import { ImagesController } from './images.controller.js';
import { ImagesService } from './images.service.js';
import { UnknownImageRouteController } from './unknown-image-route.controller.js';

/** The entities that the host's data source must know. */
export const SIMULATED_GLANCE_ENTITIES = [SimulatedImage];

/** A small Glance: two public images, and the snapshots of servers. */
@Module({
  providers: [ImagesService],
  controllers: [ImageVersionsController, ImagesController, NovaImagesController, UnknownImageRouteController],
  exports: [ImagesService],
})
export class SimulatedGlanceModule {}
