import { Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ComputeService } from '../compute/compute.service.js';
import { sendAnswer } from '../compute/http-answer.js';
import { callerOf } from '../identity/caller.js';
import { TenantGuard } from '../identity/tenant.guard.js';
import { MicroversionGuard } from '../openstack/microversion.guard.js';
import { echoTag } from './echo-tag.js';
import { ServerTasksService } from './server-tasks.service.js';
import { ApiShowServer } from './servers.openapi.js';
import { tagOrId } from './tag-or-id.js';

/** `GET /servers/{tag-or-id}`: the server itself. An id wins over a tag that looks the same. */
@Controller('v3/servers')
@UseGuards(TenantGuard, MicroversionGuard)
export class ServerController {
  constructor(
    private readonly compute: ComputeService,
    private readonly serverTasks: ServerTasksService,
  ) {}

  @Get(':id')
  @ApiShowServer()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const key = tagOrId(request);
    const byId = await this.compute.showServer(key, request);
    if (byId.status !== 404) {
      sendAnswer(reply, byId);
      return;
    }
    const id = await this.serverTasks.serverOfTag(key, callerOf(request));
    if (id === null) {
      sendAnswer(reply, byId);
      return;
    }
    const byTag = await this.compute.showServer(id, request);
    echoTag(reply, key);
    sendAnswer(reply, byTag);
  }
}
