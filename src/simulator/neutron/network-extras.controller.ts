import { Controller, Get, Param, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { TenantGuard } from '../../identity/tenant.guard.js';
import { NetworkFaultFilter } from './network-fault.filter.js';
import { NetworkResourceNotFound } from './network.errors.js';

/** Extensions and quotas, which clients ask for before they do anything else. */
const EXTENSIONS = {
  'external-net': 'Neutron external network',
  'security-group': 'security-group',
  quotas: 'Quota management support',
};

/** Neutron's own limits; nothing here comes near them, and -1 means no limit. */
const QUOTA = {
  network: 100,
  subnet: 100,
  subnetpool: -1,
  port: -1,
  router: 10,
  floatingip: 50,
  security_group: 10,
  security_group_rule: 100,
  rbac_policy: 10,
};

/** Resources that the network service has none of, and its description of itself. */
@ApiExcludeController()
@Controller('network/v2.0')
@UseGuards(TenantGuard)
@UseFilters(NetworkFaultFilter)
export class NetworkExtrasController {
  @Get('floatingips')
  listFloatingIps(): object {
    return { floatingips: [] };
  }

  @Get('floatingips/:id')
  showFloatingIp(@Param('id') id: string): never {
    throw new NetworkResourceNotFound(`Floating IP ${id} could not be found`, 'FloatingIPNotFound');
  }

  @Get('routers')
  listRouters(): object {
    return { routers: [] };
  }

  @Get('routers/:id')
  showRouter(@Param('id') id: string): never {
    throw new NetworkResourceNotFound(`Router ${id} could not be found`, 'RouterNotFound');
  }

  @Get('extensions')
  listExtensions(): object {
    return { extensions: Object.entries(EXTENSIONS).map(([alias, name]) => extensionView(alias, name)) };
  }

  @Get('extensions/:alias')
  showExtension(@Param('alias') alias: string): object {
    const extension = Object.entries(EXTENSIONS).find(([candidate]) => candidate === alias);
    if (extension === undefined) {
      throw new NetworkResourceNotFound(`Extension with alias ${alias} does not exist`, 'HTTPNotFound');
    }
    return { extension: extensionView(...extension) };
  }

  @Get(['quotas/:project', 'quotas/:project/default'])
  showQuota(): object {
    return { quota: QUOTA };
  }
}

function extensionView(alias: string, name: string): object {
  return { alias, name, description: name, links: [], updated: '2026-01-01T00:00:00-00:00' };
}
