import { Module } from '@nestjs/common';
import { NetworkExtrasController } from './network-extras.controller.js';
import { NetworkProxiesController } from './network-proxies.controller.js';
import { NetworkVersionsController } from './network-versions.controller.js';
import { NetworksController } from './networks.controller.js';
import { NetworksService } from './networks.service.js';
import { PortsController } from './ports.controller.js';
import { SecurityGroupsController } from './security-groups.controller.js';
import { UnknownNetworkRouteController } from './unknown-network-route.controller.js';

/** A small Neutron: two public networks, a security group for each project, and the ports of the servers. */
@Module({
  providers: [NetworksService],
  controllers: [
    NetworkVersionsController,
    NetworksController,
    PortsController,
    SecurityGroupsController,
    NetworkExtrasController,
    NetworkProxiesController,
    UnknownNetworkRouteController,
  ],
  exports: [NetworksService],
})
export class SimulatedNeutronModule {}
