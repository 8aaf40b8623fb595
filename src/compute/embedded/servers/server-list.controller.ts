import { Controller, Get, Req, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../../identity/caller.js';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { nextLink } from '../../../openstack/links.js';
import { MicroversionGuard, microversionOf } from '../../../openstack/microversion.guard.js';
import type { EmbeddedServer } from './server.entity.js';
import { readServerListQuery } from './server-list.query.js';
import { ServerStore } from './server-store.js';
import { serverBrief, serverView } from './server.view.js';

/** The lists of servers. */
@ApiTags('servers')
@Controller('v3/servers')
@UseGuards(TenantGuard, MicroversionGuard)
export class ServerListController {
  constructor(private readonly servers: ServerStore) {}

  @Get()
  @ApiOperation({ summary: 'List servers' })
  list(@Req() request: FastifyRequest): Promise<object> {
    return this.page(request, (server) => serverBrief(server, request));
  }

  @Get('detail')
  @ApiOperation({ summary: 'List servers with details' })
  listDetails(@Req() request: FastifyRequest): Promise<object> {
    const { isAdmin } = callerOf(request);
    return this.page(request, (server) => serverView(server, request, microversionOf(request), isAdmin));
  }

  private async page(request: FastifyRequest, view: (server: EmbeddedServer) => object): Promise<object> {
    const caller = callerOf(request);
    const query = readServerListQuery(request, microversionOf(request), caller);
    const all = await this.servers.list(query.allProjects ? null : caller.projectId, query.withDeleted);
    const { page, hasMore } = query.select(all);
    const last = page.at(-1);
    return {
      servers: page.map(view),
      ...(hasMore && last !== undefined && { servers_links: [nextLink(request, last.id)] }),
    };
  }
}
