import { Controller, Get, HttpCode, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { format, MAX_MICROVERSION, MIN_MICROVERSION } from '../../openstack/microversion.js';
import { endpoint, origin } from '../../openstack/urls/links.js';

/**
 * The version documents, by which clients discover the API. They need no token
 * (nova/api/openstack/compute/versions.py).
 */
@ApiExcludeController()
@Controller()
export class VersionsController {
  @Get()
  @HttpCode(200)
  versions(@Req() request: FastifyRequest): object {
    return { versions: [describe(request)] };
  }

  /** Also for `/v2.1`: both are one API, and SDKs know Nova only by the id `v2.1`. */
  @Get('v3')
  version(@Req() request: FastifyRequest): object {
    const description = describe(request);
    return {
      version: {
        ...description,
        links: [
          ...description.links,
          { rel: 'describedby', type: 'text/html', href: `${origin(request)}/docs` },
        ],
        'media-types': [
          { base: 'application/json', type: 'application/vnd.openstack.compute+json;version=2.1' },
        ],
      },
    };
  }
}

function describe(request: FastifyRequest) {
  return {
    id: 'v2.1',
    status: 'CURRENT',
    version: format(MAX_MICROVERSION),
    min_version: format(MIN_MICROVERSION),
    updated: '2013-07-23T11:33:21Z',
    links: [{ rel: 'self', href: `${endpoint(request)}/v2.1/` }],
  };
}
