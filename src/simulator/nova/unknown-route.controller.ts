import { All, Controller, Req, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { TenantGuard } from '../../identity/tenant.guard.js';
import { NotFound } from '../../openstack/faults.js';
import { MicroversionGuard } from '../../openstack/microversion.guard.js';

/** Routes that the API does not have: 404 with a valid token, else 401, as in Nova. */
@ApiExcludeController()
@Controller('v3')
@UseGuards(TenantGuard, MicroversionGuard)
export class UnknownRouteController {
  @All('*')
  refuse(@Req() { method }: FastifyRequest): void {
    // Nova answers this on every path, with an empty body.
    if (method !== 'OPTIONS') throw new NotFound();
  }
}
