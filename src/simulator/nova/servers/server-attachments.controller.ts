import { Controller, Get, Param, Req, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../../identity/caller.js';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { NotFound } from '../../../openstack/faults.js';
import { MicroversionGuard } from '../../../openstack/microversion.guard.js';
import { novaSecurityGroup } from '../../neutron/security-group.js';
import { interfaceView } from './actions/interface-effects.js';
import { volumeAttachmentView } from './actions/volume-effects.js';
import { shownInterface, shownVolume } from './attachment-views.js';
import { ServerStore } from './server-store.js';
import { type SimulatedServer, portsOf, securityGroupsOf } from './server.entity.js';

/** The objects attached to a server: interfaces, addresses, volumes and security groups. */
@ApiExcludeController()
@Controller('v3/servers/:id')
@UseGuards(TenantGuard, MicroversionGuard)
export class ServerAttachmentsController {
  constructor(private readonly servers: ServerStore) {}

  @Get('os-interface')
  async interfaces(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    return { interfaceAttachments: portsOf(await this.get(request, id)).map(interfaceView) };
  }

  @Get('os-interface/:portId')
  async interface(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Param('portId') portId: string,
  ): Promise<object> {
    const shown = shownInterface(await this.get(request, id), portId);
    if (shown === null) throw new NotFound(`Port id ${portId} could not be found.`);
    return shown;
  }

  @Get('ips')
  async addresses(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    const addresses: Record<string, object[]> = {};
    for (const { networkName, ip } of portsOf(await this.get(request, id))) {
      (addresses[networkName] ??= []).push({ version: 4, addr: ip });
    }
    return { addresses };
  }

  @Get('ips/:network')
  async addressesOn(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Param('network') network: string,
  ): Promise<object> {
    const ports = portsOf(await this.get(request, id)).filter(({ networkName }) => networkName === network);
    if (ports.length === 0) throw new NotFound('Instance is not a member of specified network');
    return { [network]: ports.map(({ ip }) => ({ version: 4, addr: ip })) };
  }

  @Get('os-volume_attachments')
  async volumes(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    const { volumes } = (await this.get(request, id)).data;
    return { volumeAttachments: volumes.map((volume) => volumeAttachmentView(volume, id)) };
  }

  @Get('os-volume_attachments/:volumeId')
  async volume(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Param('volumeId') volumeId: string,
  ): Promise<object> {
    const shown = shownVolume(await this.get(request, id), volumeId);
    if (shown === null) throw new NotFound(`Instance ${id} is not attached to volume ${volumeId}`);
    return shown;
  }

  @Get('os-security-groups')
  async securityGroups(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    const { projectId } = callerOf(request);
    const names = securityGroupsOf(await this.get(request, id));
    return { security_groups: names.map(() => novaSecurityGroup(projectId)) };
  }

  private get(request: FastifyRequest, id: string): Promise<SimulatedServer> {
    return this.servers.get(id, callerOf(request));
  }
}
