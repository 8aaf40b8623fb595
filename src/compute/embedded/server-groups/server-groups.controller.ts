import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { MicroversionGuard } from '../../../openstack/microversion.guard.js';

/** The server groups: there are none. Clients ask for the list all the same. */
@ApiExcludeController()
@Controller('v3/os-server-groups')
@UseGuards(TenantGuard, MicroversionGuard)
export class ServerGroupsController {
  @Get()
  list(): object {
    return { server_groups: [] };
  }
}
