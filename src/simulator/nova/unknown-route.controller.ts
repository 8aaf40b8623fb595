import { All, Controller, Req, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { TenantGuard } from '../../identity/tenant.guard.js';
import { NotFound } from '../../openstack/faults.js';
import { MicroversionGuard } from '../../openstack/microversion.guard.js';

/** What the API does not have: 404, but only for who may know. Without a valid token it is 401, as for Nova. */
@ApiExcludeController()
@Controller('v3')
@UseGuards(TenantGuard, MicroversionGuard)
export class UnknownRouteController {
  @All('*')
  refuse(@Req() { method }: FastifyRequest): void {
    // Nova answers it everywhere, with nothing.
    if (method !== 'OPTIONS') throw new NotFound();
  }
}
