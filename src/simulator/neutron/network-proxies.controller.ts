import { Controller, Delete, Get, Param, Post, Req, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../identity/caller.js';
import { TenantGuard } from '../../identity/tenant.guard.js';
import { BadRequest, NotFound } from '../../openstack/faults.js';
import { MicroversionGuard, microversionOf } from '../../openstack/microversion.guard.js';
import { isUuid } from '../../openstack/uuid.js';
import type { Network } from './network.js';
import { NetworksService } from './networks.service.js';
import { novaSecurityGroup } from './security-group.js';

/** The last microversion that has these routes. */
const LAST_MICROVERSION = 35;

/** Network resources in the compute API, for old clients. There are no floating IPs, and no pool of them. */
@ApiExcludeController()
@Controller('v3')
@UseGuards(TenantGuard, MicroversionGuard)
export class NetworkProxiesController {
  constructor(private readonly networks: NetworksService) {}

  @Get('os-security-groups')
  securityGroups(@Req() request: FastifyRequest): object {
    assertVersion(request);
    return { security_groups: [novaSecurityGroup(callerOf(request).projectId)] };
  }

  @Get('os-security-groups/:id')
  securityGroup(@Req() request: FastifyRequest, @Param('id') id: string): object {
    assertVersion(request);
    if (!isUuid(id)) throw new BadRequest('Security group id should be uuid');
    const group = novaSecurityGroup(callerOf(request).projectId);
    if (group['id'] !== id) throw new NotFound(`Security group ${id} does not exist`);
    return { security_group: group };
  }

  @Get('os-floating-ips')
  floatingIps(@Req() request: FastifyRequest): object {
    assertVersion(request);
    return { floating_ips: [] };
  }

  @Get('os-floating-ips/:id')
  floatingIp(@Req() request: FastifyRequest, @Param('id') id: string): never {
    assertVersion(request);
    throw new NotFound(`Floating IP not found for ID ${id}`);
  }

  @Delete('os-floating-ips/:id')
  deleteFloatingIp(@Req() request: FastifyRequest, @Param('id') id: string): never {
    return this.floatingIp(request, id);
  }

  @Post('os-floating-ips')
  createFloatingIp(@Req() request: FastifyRequest): never {
    assertVersion(request);
    throw new NotFound('Floating IP pool not found.');
  }

  @Get('os-floating-ip-pools')
  floatingIpPools(@Req() request: FastifyRequest): object {
    assertVersion(request);
    return { floating_ip_pools: [] };
  }

  @Get('os-networks')
  list(@Req() request: FastifyRequest): object {
    assertVersion(request);
    return { networks: this.networks.list().map(networkView) };
  }

  @Get('os-networks/:id')
  show(@Req() request: FastifyRequest, @Param('id') id: string): object {
    assertVersion(request);
    return { network: networkView(this.get(id)) };
  }

  @Get('os-tenant-networks')
  listOfTenant(@Req() request: FastifyRequest): object {
    assertVersion(request);
    return { networks: this.networks.list().map(tenantNetworkView) };
  }

  @Get('os-tenant-networks/:id')
  showOfTenant(@Req() request: FastifyRequest, @Param('id') id: string): object {
    assertVersion(request);
    return { network: tenantNetworkView(this.get(id)) };
  }

  private get(id: string): Network {
    const network = this.networks.list().find((one) => one.id === id);
    if (network === undefined) throw new NotFound('Network not found');
    return network;
  }
}

function assertVersion(request: FastifyRequest): void {
  if (microversionOf(request) > LAST_MICROVERSION) throw new NotFound();
}

/** Nova shows none of the addresses of a network that is not its own. */
function networkView({ id, name }: Network): object {
  const addresses = ['cidr', 'netmask', 'gateway', 'broadcast', 'dns1', 'dns2', 'cidr_v6', 'gateway_v6'];
  return { id, label: name, ...Object.fromEntries([...addresses, 'netmask_v6'].map((key) => [key, null])) };
}

function tenantNetworkView({ id, name }: Network): object {
  return { id, label: name, cidr: 'None' };
}
