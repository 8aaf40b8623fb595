import { All, Controller, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { TenantGuard } from '../../identity/tenant.guard.js';
import { NotFound } from '../../openstack/faults.js';
import { NetworkFaultFilter } from './network-fault.filter.js';

/** What the network service does not have: 404, but only for who has a token. */
@ApiExcludeController()
@Controller('network')
@UseGuards(TenantGuard)
@UseFilters(NetworkFaultFilter)
export class UnknownNetworkRouteController {
  @All('*')
  refuse(): never {
    throw new NotFound();
  }
}
