import { Controller, Get, Req, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../../../identity/caller.js';
import { TenantGuard } from '../../../../identity/tenant.guard.js';
import { MicroversionGuard, microversionOf } from '../../../../openstack/microversion.guard.js';
import { nextLink } from '../../../../openstack/urls/links.js';
import { assertAdmin } from '../../policy.js';
import { ServerStore } from '../server-store.js';
import type { SimulatedServer } from '../server.entity.js';
import { serverBrief, serverView } from '../server.view.js';
import { readServerListQuery } from './server-list.query.js';

/** The lists of servers. */
@ApiTags('servers')
@Controller('v3/servers')
@UseGuards(TenantGuard, MicroversionGuard)
export class ServerListController {
  constructor(private readonly servers: ServerStore) {}

  @Get()
  @ApiOperation({ summary: 'List servers' })
  list(@Req() request: FastifyRequest): Promise<object> {
    return this.page(request, 'index', (server) => serverBrief(server, request));
  }

  @Get('detail')
  @ApiOperation({ summary: 'List servers with details' })
  listDetails(@Req() request: FastifyRequest): Promise<object> {
    const { isAdmin } = callerOf(request);
    return this.page(request, 'detail', (server) =>
      serverView(server, request, microversionOf(request), isAdmin),
    );
  }

  private async page(
    request: FastifyRequest,
    kind: 'index' | 'detail',
    view: (server: SimulatedServer) => object,
  ): Promise<object> {
    const caller = callerOf(request);
    const query = readServerListQuery(request, microversionOf(request), caller);
    if (query.allProjects) assertAdmin(caller, `servers:${kind}:get_all_tenants`);
    const all = await this.servers.list(query.projectId, query.withDeleted);
    const { items, nextMarker } = query.select(all);
    return {
      servers: items.map(view),
      ...(nextMarker !== null && { servers_links: [nextLink(request, nextMarker)] }),
    };
  }
}
