import { All, Controller, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { TenantGuard } from '../../identity/tenant.guard.js';
import { NotFound } from '../../openstack/faults.js';
import { ImageFaultFilter } from './image-fault.filter.js';

/** Routes that the image service does not have: 404, but only with a valid token. */
@ApiExcludeController()
@Controller('image')
@UseGuards(TenantGuard)
@UseFilters(ImageFaultFilter)
export class UnknownImageRouteController {
  @All('*')
  refuse(): never {
    throw new NotFound();
  }
}
