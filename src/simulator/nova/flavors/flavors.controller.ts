import { Controller, Get, Param, Req, UseGuards } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../../identity/caller.js';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { BadRequest, NotFound } from '../../../openstack/faults.js';
import { MicroversionGuard, microversionOf } from '../../../openstack/microversion.guard.js';
import { nextLink } from '../../../openstack/urls/links.js';
import { assertQuery } from '../../json-schema/json-schema.js';
import { pageOf } from '../../query/paging.js';
import { queryOf } from '../../query/query.js';
import { flavorListSchema } from '../schemas/flavor-list.js';
import { filterFlavors, sortFlavors } from './flavor-filters.js';
import { flavorBrief, flavorView } from './flavor.view.js';
import { findFlavor, type Flavor, FLAVORS } from './flavors.js';

/** The flavors. They are always the same. */
@ApiTags('simulated cloud')
@Controller('v3/flavors')
@UseGuards(TenantGuard, MicroversionGuard)
export class FlavorsController {
  @Get()
  @ApiOperation({ summary: 'List flavors' })
  list(@Req() request: FastifyRequest): object {
    return page(request, flavorBrief);
  }

  @Get('detail')
  @ApiOperation({ summary: 'List flavors with details' })
  listDetails(@Req() request: FastifyRequest): object {
    return page(request, flavorView);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a flavor' })
  @ApiParam({ name: 'id', type: String, example: '1' })
  show(@Req() request: FastifyRequest, @Param('id') id: string): object {
    return { flavor: flavorView(get(id), microversionOf(request), request) };
  }

  @Get(':id/os-extra_specs')
  @ApiExcludeEndpoint()
  showExtraSpecs(@Param('id') id: string): object {
    get(id);
    return { extra_specs: {} };
  }

  @Get(':id/os-extra_specs/:key')
  @ApiExcludeEndpoint()
  showExtraSpec(@Param('id') id: string, @Param('key') key: string): never {
    get(id);
    throw new NotFound(`Flavor ${id} has no extra specs with key ${key}.`);
  }

  @Get(':id/os-flavor-access')
  @ApiExcludeEndpoint()
  listAccess(@Param('id') id: string): never {
    get(id);
    throw new NotFound('Access list not available for public flavors.');
  }
}

function get(id: string): Flavor {
  const flavor = findFlavor(id);
  if (flavor === null) throw new NotFound(`Flavor ${id} could not be found.`);
  return flavor;
}

function page(request: FastifyRequest, view: typeof flavorBrief): object {
  assertQuery(request, flavorListSchema);
  const query = queryOf(request);
  const { items, nextMarker } = pageOf(
    sortFlavors(filterFlavors(FLAVORS, query, callerOf(request).isAdmin), query),
    query,
    ({ id }) => id,
    (marker) => new BadRequest(`marker [${marker}] not found`),
  );
  return {
    flavors: items.map((flavor) => view(flavor, microversionOf(request), request)),
    ...(nextMarker !== null && { flavors_links: [nextLink(request, nextMarker)] }),
  };
}
