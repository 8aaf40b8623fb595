import { Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ComputeService } from '../compute/compute.service.js';
import { callerOf } from '../identity/caller.js';
import { TenantGuard } from '../identity/tenant.guard.js';
import { NotFound } from '../openstack/faults.js';
import { MicroversionGuard } from '../openstack/microversion.guard.js';
import { ServerTasksService } from './server-tasks.service.js';
import { ApiShowServer } from './servers.openapi.js';
import { isUuid } from '../openstack/uuid.js';
import { tagOrId } from './tag-or-id.js';

/** `GET /servers/{tag-or-id}`: the server itself. */
@Controller('v3/servers')
@UseGuards(TenantGuard, MicroversionGuard)
export class ServerController {
  constructor(
    private readonly compute: ComputeService,
    private readonly serverTasks: ServerTasksService,
  ) {}

  @Get(':id')
  @ApiShowServer()
  async show(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const caller = callerOf(request);
    const key = tagOrId(request);
    if (isUuid(key)) {
      try {
        return await this.compute.showServer(key, caller, request);
      } catch (error) {
        if (!(error instanceof NotFound)) throw error;
        // Then it may be a tag that looks like an id.
      }
    }
    const id = await this.serverTasks.serverOfTag(key, caller);
    const server = await this.compute.showServer(id, caller, request);
    void reply.header('task-tag', key);
    return server;
  }
}
