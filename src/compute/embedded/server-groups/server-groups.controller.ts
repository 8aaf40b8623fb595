import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { MicroversionGuard } from '../../../openstack/microversion.guard.js';

/** The server groups: there are none. Clients ask for the list all the same. */
@ApiTags('server groups')
@Controller('v3/os-server-groups')
@UseGuards(TenantGuard, MicroversionGuard)
export class ServerGroupsController {
  @Get()
  @ApiOperation({ summary: 'List server groups: there are none' })
  list(): object {
    return { server_groups: [] };
  }
}
