import { All, Controller, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { TenantGuard } from '../../identity/tenant.guard.js';
import { NotFound } from '../../openstack/faults.js';
import { NetworkFaultFilter } from './network-fault.filter.js';

/** Routes that the network service does not have: 404, but only with a valid token. */
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
