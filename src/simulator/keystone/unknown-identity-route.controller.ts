import { All, Controller, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { NotFound } from '../../openstack/faults.js';
import { IdentityFaultFilter } from './identity-fault.filter.js';

/** What the identity service does not have. Keystone says so to anybody. */
@ApiExcludeController()
@Controller('identity')
@UseFilters(IdentityFaultFilter)
export class UnknownIdentityRouteController {
  @All('*')
  refuse(): never {
    throw new NotFound('The requested URL was not found on the server.');
  }
}
