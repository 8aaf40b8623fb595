import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AvailabilityZonesController } from './availability-zones/availability-zones.controller.js';
import { ExtensionsController } from './extensions/extensions.controller.js';
import { FlavorsController } from './flavors/flavors.controller.js';
import { SimulatedKeypair } from './keypairs/keypair.entity.js';
import { KeypairsController } from './keypairs/keypairs.controller.js';
import { KeypairsService } from './keypairs/keypairs.service.js';
import { LimitsController } from './limits/limits.controller.js';
import { QuotaSetsController } from './limits/quota-sets.controller.js';
import { UsageService } from './limits/usage.service.js';
import { ServerGroupsController } from './server-groups/server-groups.controller.js';
import { UnsimulatedController } from './unsimulated/unsimulated.controller.js';

/** The entities that the data source must know. */
export const SIMULATED_RESOURCES_ENTITIES = [SimulatedKeypair];

/** The resources of the simulated cloud besides servers. */
@Module({
  imports: [TypeOrmModule.forFeature(SIMULATED_RESOURCES_ENTITIES)],
  controllers: [
    AvailabilityZonesController,
    ExtensionsController,
    FlavorsController,
    KeypairsController,
    LimitsController,
    QuotaSetsController,
    ServerGroupsController,
    UnsimulatedController,
  ],
  providers: [KeypairsService, UsageService],
  exports: [KeypairsService],
})
export class SimulatedResourcesModule {}
