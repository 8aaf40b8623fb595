import { Controller, Get, Param, Req, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../../identity/caller.js';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { NotFound } from '../../../openstack/faults.js';
import { MicroversionGuard } from '../../../openstack/microversion.guard.js';
import { interfaceView } from './actions/interface-effects.js';
import { volumeAttachmentView } from './actions/volume-effects.js';
import type { ServerData } from './server.entity.js';
import { ServerStore } from './server-store.js';

/** What is attached to a server: interfaces, addresses, volumes and security groups. */
@ApiExcludeController()
@Controller('v3/servers/:id')
@UseGuards(TenantGuard, MicroversionGuard)
export class ServerAttachmentsController {
  constructor(private readonly servers: ServerStore) {}

  @Get('os-interface')
  async interfaces(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    const { ports } = await this.dataOf(request, id);
    return { interfaceAttachments: ports.map(interfaceView) };
  }

  @Get('os-interface/:portId')
  async interface(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Param('portId') portId: string,
  ): Promise<object> {
    const port = (await this.dataOf(request, id)).ports.find((one) => one.portId === portId);
    if (port === undefined) throw new NotFound(`Port ${portId} is not attached to instance ${id}.`);
    return { interfaceAttachment: interfaceView(port) };
  }

  @Get('ips')
  async addresses(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    const addresses: Record<string, object[]> = {};
    for (const { networkName, ip } of (await this.dataOf(request, id)).ports) {
      (addresses[networkName] ??= []).push({ version: 4, addr: ip });
    }
    return { addresses };
  }

  @Get('os-volume_attachments')
  async volumes(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    const { volumes } = await this.dataOf(request, id);
    return { volumeAttachments: volumes.map((volume) => volumeAttachmentView(volume, id)) };
  }

  @Get('os-volume_attachments/:volumeId')
  async volume(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Param('volumeId') volumeId: string,
  ): Promise<object> {
    const volume = (await this.dataOf(request, id)).volumes.find((one) => one.volumeId === volumeId);
    if (volume === undefined) throw new NotFound(`Instance ${id} is not attached to volume ${volumeId}.`);
    return { volumeAttachment: volumeAttachmentView(volume, id) };
  }

  @Get('os-security-groups')
  async securityGroups(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    const { securityGroups } = await this.dataOf(request, id);
    return { security_groups: securityGroups.map((name) => ({ name })) };
  }

  private async dataOf(request: FastifyRequest, id: string): Promise<ServerData> {
    return (await this.servers.get(id, callerOf(request))).data;
  }
}
