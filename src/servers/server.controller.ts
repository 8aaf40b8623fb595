import { Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ComputeService } from '../compute/compute.service.js';
import { sendAnswer } from '../compute/http-answer.js';
import { TenantGuard } from '../identity/tenant.guard.js';
import { MicroversionGuard } from '../openstack/microversion.guard.js';
import { echoTag } from './echo-tag.js';
import { ApiShowServer } from './openapi/servers.openapi.js';
import { ServerTasksService } from './server-tasks.service.js';
import { ShowServerGuard } from './show-server.guard.js';
import { tagOrId } from './tag-or-id.js';

/** `GET /servers/{tag-or-id}`: the server itself. An id wins over a tag that looks the same. */
@Controller('v3/servers')
@UseGuards(ShowServerGuard, MicroversionGuard)
export class ServerController {
  constructor(
    private readonly compute: ComputeService,
    private readonly serverTasks: ServerTasksService,
    private readonly tenants: TenantGuard,
  ) {}

  @Get(':id')
  @ApiShowServer()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const key = tagOrId(request);
    const byId = await this.compute.showServer(key, request);
    // Only a key that is no server can be a tag.
    const id = byId.status === 404 ? await this.serverOfTag(key, request) : null;
    if (id === null) {
      sendAnswer(reply, byId);
      return;
    }
    const byTag = await this.compute.showServer(id, request);
    echoTag(reply, key);
    sendAnswer(reply, byTag);
  }

  private async serverOfTag(key: string, request: FastifyRequest): Promise<string | null> {
    return this.serverTasks.serverOfTag(key, await this.tenants.admit(request));
  }
}
