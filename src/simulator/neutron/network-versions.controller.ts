import { Controller, Get, Req, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { TenantGuard } from '../../identity/tenant.guard.js';
import { origin } from '../../openstack/urls/links.js';
import { NetworkFaultFilter } from './network-fault.filter.js';

const RESOURCES = { network: 'networks', subnet: 'subnets', port: 'ports' };

/** The version documents of the network service; the first one needs no token (neutron/pecan_wsgi/controllers/root.py). */
@ApiExcludeController()
@Controller('network')
@UseFilters(NetworkFaultFilter)
export class NetworkVersionsController {
  @Get()
  versions(@Req() request: FastifyRequest): object {
    const links = [{ rel: 'self', href: `${origin(request)}/network/v2.0/` }];
    return { versions: [{ id: 'v2.0', status: 'CURRENT', links }] };
  }

  @Get('v2.0')
  @UseGuards(TenantGuard)
  resources(@Req() request: FastifyRequest): object {
    const resources = Object.entries(RESOURCES).map(([name, collection]) => ({
      name,
      collection,
      links: [{ rel: 'self', href: `${origin(request)}/network/v2.0/${collection}` }],
    }));
    return { resources };
  }
}
