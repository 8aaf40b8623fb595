import { Controller, Get, Param, Req, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { TenantGuard } from '../../identity/tenant.guard.js';
import { NetworkFaultFilter } from './network-fault.filter.js';
import { NetworkResourceNotFound } from './network.errors.js';
import { NETWORKS } from './network.js';
import { networkView, subnetView } from './network.view.js';
import { type Query, resourceList, withFields } from './resource-list.js';

/** Networks and their subnets. */
@ApiTags('simulated cloud')
@Controller('network/v2.0')
@UseGuards(TenantGuard)
@UseFilters(NetworkFaultFilter)
export class NetworksController {
  @Get('networks')
  @ApiOperation({ summary: 'List networks' })
  list(@Req() request: FastifyRequest): object {
    return resourceList('networks', NETWORKS.map(networkView), networkView(NETWORKS[0]), request);
  }

  @Get('networks/:id')
  @ApiOperation({ summary: 'Show a network' })
  @ApiParam({ name: 'id', type: String, example: NETWORKS[0].id })
  show(@Req() request: FastifyRequest, @Param('id') id: string): object {
    const network = NETWORKS.find((candidate) => candidate.id === id);
    if (network === undefined)
      throw new NetworkResourceNotFound(`Network ${id} could not be found.`, 'NetworkNotFound');
    return { network: withFields(networkView(network), request.query as Query) };
  }

  @Get('subnets')
  @ApiExcludeEndpoint()
  listSubnets(@Req() request: FastifyRequest): object {
    return resourceList('subnets', NETWORKS.map(subnetView), subnetView(NETWORKS[0]), request);
  }

  @Get('subnets/:id')
  @ApiExcludeEndpoint()
  showSubnet(@Req() request: FastifyRequest, @Param('id') id: string): object {
    const network = NETWORKS.find(({ subnet }) => subnet.id === id);
    if (network === undefined)
      throw new NetworkResourceNotFound(`Subnet ${id} could not be found.`, 'SubnetNotFound');
    return { subnet: withFields(subnetView(network), request.query as Query) };
  }
}
