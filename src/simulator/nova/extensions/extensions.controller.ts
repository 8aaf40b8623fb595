import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { NotFound } from '../../../openstack/faults.js';
import { MicroversionGuard } from '../../../openstack/microversion.guard.js';
import { type Extension, EXTENSIONS } from './extensions.js';

/** The extensions. Microversions have replaced them; the list never changes. */
@ApiExcludeController()
@Controller('v3/extensions')
@UseGuards(TenantGuard, MicroversionGuard)
export class ExtensionsController {
  @Get()
  list(): object {
    return { extensions: EXTENSIONS.map(extensionView) };
  }

  @Get(':alias')
  show(@Param('alias') alias: string): object {
    const found = EXTENSIONS.find((extension) => extension.alias === alias);
    if (found === undefined) throw new NotFound();
    return { extension: extensionView(found) };
  }
}

/** With the fields that Nova answers the same for all. */
function extensionView(extension: Extension): object {
  return {
    ...extension,
    links: [],
    namespace: 'http://docs.openstack.org/compute/ext/fake_xml',
    updated: '2014-12-03T00:00:00Z',
  };
}
