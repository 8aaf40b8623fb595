import { Controller, Delete, Get, HttpCode, Param, Req, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../../identity/caller.js';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { MicroversionGuard } from '../../../openstack/microversion.guard.js';
import { ServerStore } from './server-store.js';

/** The password that a server has given its metadata service: no simulated server does. */
@ApiExcludeController()
@Controller('v3/servers/:id/os-server-password')
@UseGuards(TenantGuard, MicroversionGuard)
export class ServerPasswordController {
  constructor(private readonly servers: ServerStore) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    await this.servers.get(id, callerOf(request));
    return { password: '' };
  }

  @Delete()
  @HttpCode(204)
  async clear(@Req() request: FastifyRequest, @Param('id') id: string): Promise<void> {
    await this.servers.get(id, callerOf(request));
  }
}
