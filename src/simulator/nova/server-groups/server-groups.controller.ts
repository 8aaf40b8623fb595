import { Body, Controller, Delete, Get, Param, Post, Req, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { Forbidden, NotFound } from '../../../openstack/faults.js';
import { JsonBodyGuard } from '../../../openstack/json-body.guard.js';
import { MicroversionGuard, microversionOf } from '../../../openstack/microversion.guard.js';
import { assertQuery, bodyValidator } from '../../json-schema/json-schema.js';
import { serverGroupCreateSchema, serverGroupListSchema } from '../schemas/server-groups.js';

/** The server groups: there are none, and the quota allows none. Clients still ask for the list. */
@ApiExcludeController()
@Controller('v3/os-server-groups')
@UseGuards(TenantGuard, MicroversionGuard, JsonBodyGuard)
export class ServerGroupsController {
  @Get()
  list(@Req() request: FastifyRequest): object {
    assertQuery(request, serverGroupListSchema);
    return { server_groups: [] };
  }

  @Post()
  create(@Req() request: FastifyRequest, @Body() body: unknown): never {
    bodyValidator(serverGroupCreateSchema(microversionOf(request)))(body);
    throw new Forbidden('Quota exceeded, too many server groups. The simulated cloud has none.');
  }

  @Get(':id')
  show(@Param('id') id: string): never {
    throw new NotFound(`Instance group ${id} could not be found.`);
  }

  @Delete(':id')
  delete(@Param('id') id: string): never {
    return this.show(id);
  }
}
