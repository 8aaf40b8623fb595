import { Controller, Get, Inject, Optional, Param, Req, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../identity/caller.js';
import { TenantGuard } from '../../identity/tenant.guard.js';
import { NetworkFaultFilter } from './network-fault.filter.js';
import { NetworkResourceNotFound } from './network.errors.js';
import { portView } from './network.view.js';
import { type Port, PortDirectory, type PortFilter } from './port-directory.js';
import { type Query, resourceList, withFields } from './resource-list.js';

/** A sample port, to know by which attributes a list can be filtered. */
const ANY_PORT: Port = { id: '', networkId: '', projectId: '', deviceId: '', ip: '', mac: '' };

/** The ports that the servers have on the networks. They come and go with the servers' interfaces. */
@ApiExcludeController()
@Controller('network/v2.0/ports')
@UseGuards(TenantGuard)
@UseFilters(NetworkFaultFilter)
export class PortsController {
  constructor(@Optional() @Inject(PortDirectory) private readonly directory?: PortDirectory) {}

  @Get()
  async list(@Req() request: FastifyRequest): Promise<object> {
    const { id, device_id: deviceId, network_id: networkId } = request.query as Query;
    const ports = await this.find(request, {
      ...(typeof id === 'string' && { id }),
      ...(typeof deviceId === 'string' && { deviceId }),
      ...(typeof networkId === 'string' && { networkId }),
    });
    return resourceList('ports', ports.map(portView), portView(ANY_PORT), request);
  }

  @Get(':id')
  async show(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    const port = (await this.find(request, { id })).find((candidate) => candidate.id === id);
    if (port === undefined)
      throw new NetworkResourceNotFound(`Port ${id} could not be found.`, 'PortNotFound');
    return { port: withFields(portView(port), request.query as Query) };
  }

  private async find(request: FastifyRequest, filter: PortFilter): Promise<Port[]> {
    return (await this.directory?.list(callerOf(request).projectId, filter)) ?? [];
  }
}
