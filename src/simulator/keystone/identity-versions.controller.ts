import { Controller, Get, HttpCode, Req, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { origin } from '../../openstack/urls/links.js';
import { IdentityFaultFilter } from './identity-fault.filter.js';

/** The version documents of the identity service. They need no token (keystone/api/discovery.py). */
@ApiExcludeController()
@Controller('identity')
@UseFilters(IdentityFaultFilter)
export class IdentityVersionsController {
  @Get()
  @HttpCode(300)
  versions(@Req() request: FastifyRequest): object {
    return { versions: { values: [describe(request)] } };
  }

  @Get('v3')
  version(@Req() request: FastifyRequest): object {
    return { version: describe(request) };
  }
}

function describe(request: FastifyRequest): object {
  return {
    id: 'v3.14',
    status: 'stable',
    updated: '2020-04-07T00:00:00Z',
    links: [{ rel: 'self', href: `${origin(request)}/identity/v3/` }],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
  };
}
