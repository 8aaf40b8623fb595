import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiVersions } from '../../openstack/api-versions.js';
import { MAX_MICROVERSION } from '../../openstack/microversion.js';
import { ComputeService } from '../compute.service.js';
import { EMBEDDED_IMAGES_ENTITIES, EmbeddedImagesModule } from './images/images.module.js';
import { EmbeddedNetworksModule } from './networks/networks.module.js';
import { EMBEDDED_RESOURCES_ENTITIES, EmbeddedResourcesModule } from './resources.module.js';
import { ActionPlanner } from './servers/actions/action-planner.js';
import { InterfaceEffects } from './servers/actions/interface-effects.js';
import { LifecycleEffects } from './servers/actions/lifecycle-effects.js';
import { SnapshotEffects } from './servers/actions/snapshot-effects.js';
import { CreatePlanner } from './servers/create-planner.js';
import { EmbeddedComputeService } from './servers/embedded-compute.service.js';
import { OperationEngine } from './servers/operation-engine.js';
import { OperationStore } from './servers/operation-store.js';
import { EmbeddedOperation } from './servers/operation.entity.js';
import { PortDirectory } from './networks/port-directory.js';
import { PortAllocator } from './servers/port-allocator.js';
import { ServerPorts } from './servers/server-ports.js';
import { ServerAttachmentsController } from './servers/server-attachments.controller.js';
import { ServerListController } from './servers/server-list.controller.js';
import { ServerPasswordController } from './servers/server-password.controller.js';
import { ServerStore } from './servers/server-store.js';
import { ServerTagsController } from './servers/server-tags.controller.js';
import { ServerUpdateController } from './servers/server-update.controller.js';
import { EmbeddedServer } from './servers/server.entity.js';

const SERVER_ENTITIES = [EmbeddedServer, EmbeddedOperation];

/** The entities of the simulated cloud. */
export const EMBEDDED_COMPUTE_ENTITIES = [
  ...SERVER_ENTITIES,
  ...EMBEDDED_IMAGES_ENTITIES,
  ...EMBEDDED_RESOURCES_ENTITIES,
];

/** The simulated cloud: a compute service that real clients take for Nova, with the images and networks it needs. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forFeature(SERVER_ENTITIES),
    EmbeddedImagesModule,
    EmbeddedNetworksModule,
    EmbeddedResourcesModule,
  ],
  providers: [
    ServerStore,
    OperationStore,
    OperationEngine,
    CreatePlanner,
    ActionPlanner,
    LifecycleEffects,
    SnapshotEffects,
    InterfaceEffects,
    PortAllocator,
    EmbeddedComputeService,
    { provide: PortDirectory, useClass: ServerPorts },
    { provide: ComputeService, useExisting: EmbeddedComputeService },
    { provide: ApiVersions, useValue: { areJudgedHere: true, max: MAX_MICROVERSION } },
  ],
  controllers: [
    ServerListController,
    ServerTagsController,
    ServerAttachmentsController,
    ServerPasswordController,
    ServerUpdateController,
  ],
  exports: [ComputeService, ApiVersions, PortDirectory],
})
export class EmbeddedComputeModule {}
