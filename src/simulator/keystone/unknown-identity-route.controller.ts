import { All, Controller, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { NotFound } from '../../openstack/faults.js';
import { IdentityFaultFilter } from './identity-fault.filter.js';

/** Routes that the identity service does not have. Like Keystone, it answers 404 without a token as well. */
@ApiExcludeController()
@Controller('identity')
@UseFilters(IdentityFaultFilter)
export class UnknownIdentityRouteController {
  @All('*')
  refuse(): never {
    throw new NotFound('The requested URL was not found on the server.');
  }
}
