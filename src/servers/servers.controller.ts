import { Controller, Delete, Post, Put, Req, UseGuards, UseInterceptors } from '@nestjs/common';
import { type ComputeAnswer, ComputeService } from '../compute/compute.service.js';
import { SERVER_REQUESTS } from '../compute/server-actions.js';
import { callerOf } from '../identity/caller.js';
import { TenantGuard } from '../identity/tenant.guard.js';
import { JsonBodyGuard } from '../openstack/json-body.guard.js';
import { MicroversionGuard, microversionOf } from '../openstack/microversion.guard.js';
import { CurrentTask } from '../tasks/current-task.js';
import { Tracked } from '../tasks/tracked.decorator.js';
import type { Task } from '../tasks/task.entity.js';
import { AnswerInterceptor } from './answer.interceptor.js';
import { ApiTaskEnabled } from './servers.openapi.js';
import { actionOf, type ServerRequest, trackedRequest } from './tracked-requests.js';

/** The task-enabled requests of the compute API. Each is recorded, then carried out by the compute service. */
@Controller('v3/servers')
@UseGuards(TenantGuard, MicroversionGuard, JsonBodyGuard)
@UseInterceptors(AnswerInterceptor)
export class ServersController {
  constructor(private readonly compute: ComputeService) {}

  @Post()
  @Tracked(trackedRequest('create'))
  @ApiTaskEnabled('create')
  create(@Req() request: ServerRequest, @CurrentTask() task: Task): Promise<ComputeAnswer> {
    return this.submit(request, task);
  }

  @Delete(':id')
  @Tracked(trackedRequest(SERVER_REQUESTS.delete.task))
  @ApiTaskEnabled('delete')
  delete(@Req() request: ServerRequest, @CurrentTask() task: Task): Promise<ComputeAnswer> {
    return this.submit(request, task);
  }

  @Post(':id/action')
  @Tracked(trackedRequest((request) => actionOf(request).task))
  @ApiTaskEnabled('action')
  act(@Req() request: ServerRequest, @CurrentTask() task: Task): Promise<ComputeAnswer> {
    return this.submit(request, task);
  }

  @Post(':id/os-interface')
  @Tracked(trackedRequest(SERVER_REQUESTS.attachInterface.task))
  @ApiTaskEnabled('attachInterface')
  attachInterface(@Req() request: ServerRequest, @CurrentTask() task: Task): Promise<ComputeAnswer> {
    return this.submit(request, task);
  }

  @Delete(':id/os-interface/:subresource')
  @Tracked(trackedRequest(SERVER_REQUESTS.detachInterface.task))
  @ApiTaskEnabled('detachInterface')
  detachInterface(@Req() request: ServerRequest, @CurrentTask() task: Task): Promise<ComputeAnswer> {
    return this.submit(request, task);
  }

  @Post(':id/os-volume_attachments')
  @Tracked(trackedRequest(SERVER_REQUESTS.attachVolume.task))
  @ApiTaskEnabled('attachVolume')
  attachVolume(@Req() request: ServerRequest, @CurrentTask() task: Task): Promise<ComputeAnswer> {
    return this.submit(request, task);
  }

  @Put(':id/os-volume_attachments/:subresource')
  @Tracked(trackedRequest(SERVER_REQUESTS.swapVolume.task))
  @ApiTaskEnabled('swapVolume')
  swapVolume(@Req() request: ServerRequest, @CurrentTask() task: Task): Promise<ComputeAnswer> {
    return this.submit(request, task);
  }

  @Delete(':id/os-volume_attachments/:subresource')
  @Tracked(trackedRequest(SERVER_REQUESTS.detachVolume.task))
  @ApiTaskEnabled('detachVolume')
  detachVolume(@Req() request: ServerRequest, @CurrentTask() task: Task): Promise<ComputeAnswer> {
    return this.submit(request, task);
  }

  private submit(request: ServerRequest, task: Task): Promise<ComputeAnswer> {
    return this.compute.submit({
      taskUuid: task.uuid,
      task: task.task,
      caller: callerOf(request),
      microversion: microversionOf(request),
      serverId: request.params.id ?? null,
      subresourceId: request.params.subresource ?? null,
      body: request.body,
      http: request,
    });
  }
}
