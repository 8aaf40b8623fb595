import { Controller, Delete, Post, Req, Res, UseGuards, UseInterceptors } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RELAYED_REQUESTS } from '../compute/actions/url-actions.js';
import { type ComputeAnswer, ComputeService } from '../compute/compute.service.js';
import { TenantGuard } from '../identity/tenant.guard.js';
import { JsonBodyGuard } from '../openstack/json-body.guard.js';
import { MicroversionGuard } from '../openstack/microversion.guard.js';
import { AnswerInterceptor } from '../servers/answer.interceptor.js';
import { DuplicatesGuard } from '../servers/duplicates/duplicates.guard.js';
import { ApiTaskEnabled } from '../servers/openapi/servers.openapi.js';
import { type ServerRequest, trackedRequest } from '../servers/server-request.js';
import { submitRequest } from '../servers/submit-request.js';
import { TagFromGuard } from '../servers/tag-from/tag-from.guard.js';
import { Tracked } from '../tasks/requests/tracked.decorator.js';

/** The task-enabled requests that only the relayed API has. */
@Controller('v3/servers')
@UseGuards(TenantGuard, MicroversionGuard, JsonBodyGuard, TagFromGuard, DuplicatesGuard)
@UseInterceptors(AnswerInterceptor)
export class RelayedRequestsController {
  constructor(private readonly compute: ComputeService) {}

  @Post(':id/shares')
  @Tracked(trackedRequest(RELAYED_REQUESTS.attachShare.task))
  @ApiTaskEnabled('attachShare')
  attachShare(@Req() request: ServerRequest, @Res() _: FastifyReply): Promise<ComputeAnswer> {
    return submitRequest(this.compute, request, RELAYED_REQUESTS.attachShare.task);
  }

  @Delete(':id/shares/:subresource')
  @Tracked(trackedRequest(RELAYED_REQUESTS.detachShare.task))
  @ApiTaskEnabled('detachShare')
  detachShare(@Req() request: ServerRequest, @Res() _: FastifyReply): Promise<ComputeAnswer> {
    return submitRequest(this.compute, request, RELAYED_REQUESTS.detachShare.task);
  }

  @Delete(':id/migrations/:subresource')
  @Tracked(trackedRequest(RELAYED_REQUESTS.cancelLiveMigration.task))
  @ApiTaskEnabled('cancelLiveMigration')
  cancelLiveMigration(@Req() request: ServerRequest, @Res() _: FastifyReply): Promise<ComputeAnswer> {
    return submitRequest(this.compute, request, RELAYED_REQUESTS.cancelLiveMigration.task);
  }

  /** `force_complete` is the only action that Nova has there. */
  @Post(':id/migrations/:subresource/action')
  @Tracked(trackedRequest(RELAYED_REQUESTS.forceLiveMigration.task))
  @ApiTaskEnabled('forceLiveMigration')
  forceLiveMigration(@Req() request: ServerRequest, @Res() _: FastifyReply): Promise<ComputeAnswer> {
    return submitRequest(this.compute, request, RELAYED_REQUESTS.forceLiveMigration.task);
  }
}
