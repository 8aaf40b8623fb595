import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ComputeService } from '../../compute/compute.service.js';
import { ApiVersions } from '../../openstack/api-versions.js';
import { MAX_MICROVERSION } from '../../openstack/microversion.js';
import { SIMULATED_GLANCE_ENTITIES, SimulatedGlanceModule } from '../glance/simulated-glance.module.js';
import { PortDirectory } from '../neutron/port-directory.js';
import { SimulatedNeutronModule } from '../neutron/simulated-neutron.module.js';
import { SIMULATED_RESOURCES_ENTITIES, SimulatedResourcesModule } from './resources.module.js';
import { ActionPlanner } from './servers/actions/action-planner.js';
import { InterfaceEffects } from './servers/actions/interface-effects.js';
import { LifecycleEffects } from './servers/actions/lifecycle-effects.js';
import { SnapshotEffects } from './servers/actions/snapshot-effects.js';
import { CreatePlanner } from './servers/create-planner.js';
import { ServerListController } from './servers/list/server-list.controller.js';
import { OperationEngine } from './servers/operations/operation-engine.js';
import { OperationStore } from './servers/operations/operation-store.js';
import { SimulatedOperation } from './servers/operations/operation.entity.js';
import { PortAllocator } from './servers/port-allocator.js';
import { ServerAttachmentsController } from './servers/server-attachments.controller.js';
import { ServerPasswordController } from './servers/server-password.controller.js';
import { ServerPorts } from './servers/server-ports.js';
import { ServerStore } from './servers/server-store.js';
import { ServerTagsController } from './servers/server-tags.controller.js';
import { ServerUpdateController } from './servers/server-update.controller.js';
import { SimulatedServer } from './servers/server.entity.js';
import { SimulatedComputeService } from './servers/simulated-compute.service.js';

import { InstanceActionsController } from './instance-actions/instance-actions.controller.js';
import { UnknownRouteController } from './unknown-route.controller.js';
import { VersionsController } from './versions.controller.js';

const SERVER_ENTITIES = [SimulatedServer, SimulatedOperation];

/** The entities of the simulated cloud. */
export const SIMULATED_NOVA_ENTITIES = [
  ...SERVER_ENTITIES,
  ...SIMULATED_GLANCE_ENTITIES,
  ...SIMULATED_RESOURCES_ENTITIES,
];

/** The simulated cloud: a compute service that real clients take for Nova, with the images and networks it needs. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forFeature(SERVER_ENTITIES),
    SimulatedGlanceModule,
    SimulatedNeutronModule,
    SimulatedResourcesModule,
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
    SimulatedComputeService,
    { provide: PortDirectory, useClass: ServerPorts },
    { provide: ComputeService, useExisting: SimulatedComputeService },
    { provide: ApiVersions, useValue: { areJudgedHere: true, max: MAX_MICROVERSION } },
  ],
  controllers: [
    ServerListController,
    ServerTagsController,
    ServerAttachmentsController,
    ServerPasswordController,
    ServerUpdateController,
    InstanceActionsController,
    VersionsController,
    UnknownRouteController,
  ],
  exports: [ComputeService, ApiVersions, PortDirectory],
})
export class SimulatedNovaModule {}
