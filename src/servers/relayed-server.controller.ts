import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ComputeService } from '../compute/compute.service.js';
import { sendAnswer } from '../compute/http-answer.js';
import { TenantGuard } from '../identity/tenant.guard.js';
import { echoTag } from './echo-tag.js';
import { ServerTasksService } from './server-tasks.service.js';
import { ApiShowServer } from './servers.openapi.js';
import { tagOrId } from './tag-or-id.js';

/**
 * `GET /servers/{tag-or-id}` in front of another API, which answers first, also who may ask. Only what it does not find
 * can be a tag.
 */
@Controller('v3/servers')
export class RelayedServerController {
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
