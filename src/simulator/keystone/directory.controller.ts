import { Controller, Get, Param, Query, Req, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Forbidden, NotFound } from '../../openstack/faults.js';
import { origin } from '../../openstack/urls/links.js';
import { catalog } from './catalog.js';
import { domainView, listLinks, projectView, selfLink, userView } from './directory.view.js';
import { IdentityFaultFilter } from './identity-fault.filter.js';
import { IdentityTokenGuard, tokenOf } from './identity-token.guard.js';
import { DOMAIN, isName } from './names.js';

interface ListQuery {
  name?: string | string[];
  domain_id?: string | string[];
}

/**
 * Users, projects and the domain, so that clients can turn names into ids. Since every name exists, a list has only the
 * token's own, or the one that is asked for by name.
 */
@ApiExcludeController()
@Controller('identity/v3')
@UseGuards(IdentityTokenGuard)
@UseFilters(IdentityFaultFilter)
export class DirectoryController {
  @Get('auth/catalog')
  catalog(@Req() request: FastifyRequest): object {
    if (tokenOf(request).projectId === null) {
      throw new Forbidden('A project-scoped token is required to produce a service catalog.');
    }
    return { catalog: catalog(origin(request)), links: { self: selfLink(request) } };
  }

  @Get(['auth/projects', 'projects', 'users/:id/projects'])
  projects(@Req() request: FastifyRequest, @Query() query: ListQuery): object {
    const { userId, projectId } = tokenOf(request);
    const ids = meant(query, projectId ?? userId);
    return { projects: ids.map((id) => projectView(request, id)), links: listLinks(request) };
  }

  @Get('projects/:id')
  project(@Req() request: FastifyRequest, @Param('id') id: string): object {
    if (!isName(id)) throw new NotFound(`Could not find project: ${id}.`);
    return { project: projectView(request, id) };
  }

  @Get('users')
  users(@Req() request: FastifyRequest, @Query() query: ListQuery): object {
    const ids = meant(query, tokenOf(request).userId);
    return { users: ids.map((id) => userView(request, id)), links: listLinks(request) };
  }

  @Get('users/:id')
  user(@Req() request: FastifyRequest, @Param('id') id: string): object {
    if (!isName(id)) throw new NotFound(`Could not find user: ${id}.`);
    return { user: userView(request, id) };
  }

  @Get(['auth/domains', 'domains'])
  domains(@Req() request: FastifyRequest, @Query() { name = DOMAIN.name }: ListQuery): object {
    return { domains: name === DOMAIN.name ? [domainView(request)] : [], links: listLinks(request) };
  }

  @Get('domains/:id')
  domain(@Req() request: FastifyRequest, @Param('id') id: string): object {
    if (id !== DOMAIN.id) throw new NotFound(`Could not find domain: ${id}.`);
    return { domain: domainView(request) };
  }
}

function meant({ name, domain_id: domainId = DOMAIN.id }: ListQuery, own: string): string[] {
  if (domainId !== DOMAIN.id) return [];
  if (name === undefined) return [own];
  return typeof name === 'string' && isName(name) ? [name] : [];
}
