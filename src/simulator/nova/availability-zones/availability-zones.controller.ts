import { Controller, Get, Req, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../../identity/caller.js';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { MicroversionGuard } from '../../../openstack/microversion.guard.js';
import { HOST, ZONE } from '../host.js';
import { assertAdmin } from '../policy.js';

/** The availability zones: there is one. */
@ApiExcludeController()
@Controller('v3/os-availability-zone')
@UseGuards(TenantGuard, MicroversionGuard)
export class AvailabilityZonesController {
  @Get()
  list(): object {
    return zoneList(null);
  }

  @Get('detail')
  listDetails(@Req() request: FastifyRequest): object {
    assertAdmin(callerOf(request), 'os-availability-zone:detail');
    const service = {
      available: true,
      active: true,
      updated_at: new Date().toISOString().replace('Z', '000'),
    };
    return zoneList({ [HOST]: { 'nova-compute': service } });
  }
}

function zoneList(hosts: object | null): object {
  return { availabilityZoneInfo: [{ zoneName: ZONE, zoneState: { available: true }, hosts }] };
}
