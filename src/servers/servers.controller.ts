import { Controller, Delete, Post, Put, Req, Res, UseGuards, UseInterceptors } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { SERVER_REQUESTS } from '../compute/actions/url-actions.js';
import { type ComputeAnswer, ComputeService } from '../compute/compute.service.js';
import { TenantGuard } from '../identity/tenant.guard.js';
import { JsonBodyGuard } from '../openstack/json-body.guard.js';
import { MicroversionGuard } from '../openstack/microversion.guard.js';
import { Tracked } from '../tasks/requests/tracked.decorator.js';
import { AnswerInterceptor } from './answer.interceptor.js';
import { DuplicatesGuard } from './duplicates/duplicates.guard.js';
import { ApiTaskEnabled } from './openapi/servers.openapi.js';
import { ServerActionGuard, taskOfAction } from './server-action.guard.js';
import { type ServerRequest, trackedRequest } from './server-request.js';
import { submitRequest } from './submit-request.js';
import { TagFromGuard } from './tag-from/tag-from.guard.js';

/**
 * The task-enabled requests of the compute API. Each is recorded, then carried out by the compute service, whose answer
 * `AnswerInterceptor` sends: Nest does not answer for a handler with `@Res()` in its parameters.
 */
@Controller('v3/servers')
@UseGuards(TenantGuard, MicroversionGuard, JsonBodyGuard, TagFromGuard, DuplicatesGuard)
@UseInterceptors(AnswerInterceptor)
export class ServersController {
  constructor(private readonly compute: ComputeService) {}

  @Post()
  @Tracked(trackedRequest('create'))
  @ApiTaskEnabled('create')
  create(@Req() request: ServerRequest, @Res() _: FastifyReply): Promise<ComputeAnswer> {
    return this.submit(request, 'create');
  }

  @Delete(':id')
  @Tracked(trackedRequest(SERVER_REQUESTS.delete.task))
  @ApiTaskEnabled('delete')
  delete(@Req() request: ServerRequest, @Res() _: FastifyReply): Promise<ComputeAnswer> {
    return this.submit(request, SERVER_REQUESTS.delete.task);
  }

  @Post(':id/action')
  @UseGuards(ServerActionGuard)
  @Tracked(trackedRequest(taskOfAction))
  @ApiTaskEnabled('action')
  act(@Req() request: ServerRequest, @Res() _: FastifyReply): Promise<ComputeAnswer> {
    return this.submit(request, taskOfAction(request));
  }

  @Post(':id/os-interface')
  @Tracked(trackedRequest(SERVER_REQUESTS.attachInterface.task))
  @ApiTaskEnabled('attachInterface')
  attachInterface(@Req() request: ServerRequest, @Res() _: FastifyReply): Promise<ComputeAnswer> {
    return this.submit(request, SERVER_REQUESTS.attachInterface.task);
  }

  @Delete(':id/os-interface/:subresource')
  @Tracked(trackedRequest(SERVER_REQUESTS.detachInterface.task))
  @ApiTaskEnabled('detachInterface')
  detachInterface(@Req() request: ServerRequest, @Res() _: FastifyReply): Promise<ComputeAnswer> {
    return this.submit(request, SERVER_REQUESTS.detachInterface.task);
  }

  @Post(':id/os-volume_attachments')
  @Tracked(trackedRequest(SERVER_REQUESTS.attachVolume.task))
  @ApiTaskEnabled('attachVolume')
  attachVolume(@Req() request: ServerRequest, @Res() _: FastifyReply): Promise<ComputeAnswer> {
    return this.submit(request, SERVER_REQUESTS.attachVolume.task);
  }

  @Put(':id/os-volume_attachments/:subresource')
  @Tracked(trackedRequest(SERVER_REQUESTS.swapVolume.task))
  @ApiTaskEnabled('swapVolume')
  swapVolume(@Req() request: ServerRequest, @Res() _: FastifyReply): Promise<ComputeAnswer> {
    return this.submit(request, SERVER_REQUESTS.swapVolume.task);
  }

  @Delete(':id/os-volume_attachments/:subresource')
  @Tracked(trackedRequest(SERVER_REQUESTS.detachVolume.task))
  @ApiTaskEnabled('detachVolume')
  detachVolume(@Req() request: ServerRequest, @Res() _: FastifyReply): Promise<ComputeAnswer> {
    return this.submit(request, SERVER_REQUESTS.detachVolume.task);
  }

  private submit(request: ServerRequest, task: string): Promise<ComputeAnswer> {
    return submitRequest(this.compute, request, task);
  }
}
