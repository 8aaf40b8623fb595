import { Controller, Delete, Get, Post, Put, Req, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../../identity/caller.js';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { MicroversionGuard, microversionOf } from '../../../openstack/microversion.guard.js';
import { UNSIMULATED_ROUTES, type UnsimulatedRoute } from './routes.js';
import { refuse } from './unsimulated.js';

/** Answers for parts of Nova that the simulated cloud lacks, after checking permission as Nova does. */
@ApiExcludeController()
@Controller('v3')
@UseGuards(TenantGuard, MicroversionGuard)
export class UnsimulatedController {
  @Get(pathsOf('GET'))
  get(@Req() request: FastifyRequest): never {
    return refuseRoute(request);
  }

  @Post(pathsOf('POST'))
  post(@Req() request: FastifyRequest): never {
    return refuseRoute(request);
  }

  @Put(pathsOf('PUT'))
  put(@Req() request: FastifyRequest): never {
    return refuseRoute(request);
  }

  @Delete(pathsOf('DELETE'))
  delete(@Req() request: FastifyRequest): never {
    return refuseRoute(request);
  }
}

function pathsOf(method: UnsimulatedRoute['method']): string[] {
  return UNSIMULATED_ROUTES.filter((route) => route.method === method).map(({ path }) => path);
}

function refuseRoute(request: FastifyRequest): never {
  // Also for HEAD, which goes by the route of GET.
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const path = request.routeOptions.url?.replace(/^\/v3\//, '');
  const route = UNSIMULATED_ROUTES.find((one) => one.method === method && one.path === path);
  if (route === undefined) throw new Error(`There is no such route: ${method} ${path}`);
  const caller = callerOf(request);
  const { project } = request.params as { project?: string };
  const { policy, ...others } = route;
  const isFree = route.ownProject === true && project === caller.projectId;
  const name = `${method} /${route.path.replace(/:(\w+)/g, '{$1}')}`;
  refuse(name, isFree ? others : { ...others, policy }, microversionOf(request), caller);
}
