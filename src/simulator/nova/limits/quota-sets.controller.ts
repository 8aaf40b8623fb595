import { Controller, Get, Param, Req, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../../identity/caller.js';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { MicroversionGuard, microversionOf } from '../../../openstack/microversion.guard.js';
import { assertOwnProject } from '../policy.js';
import { quotasAt, type Resource } from './quotas.js';
import { UsageService } from './usage.service.js';

/** The quotas of a project. They are the same for all, and cannot be changed. */
@ApiExcludeController()
@Controller('v3/os-quota-sets/:project')
@UseGuards(TenantGuard, MicroversionGuard)
export class QuotaSetsController {
  constructor(private readonly usage: UsageService) {}

  @Get()
  show(@Req() request: FastifyRequest, @Param('project') project: string): object {
    assertOwnProject(project, callerOf(request), 'os-quota-sets:show');
    return { quota_set: { id: project, ...quotasAt(microversionOf(request)) } };
  }

  @Get('defaults')
  showDefaults(@Req() request: FastifyRequest, @Param('project') project: string): object {
    return { quota_set: { id: project, ...quotasAt(microversionOf(request)) } };
  }

  @Get('detail')
  async showDetail(@Req() request: FastifyRequest, @Param('project') project: string): Promise<object> {
    assertOwnProject(project, callerOf(request), 'os-quota-sets:detail');
    const usage = await this.usage.of(project);
    const quotaSet: Record<string, unknown> = { id: project };
    for (const [resource, limit] of Object.entries(quotasAt(microversionOf(request)))) {
      quotaSet[resource] = { limit, in_use: usage[resource as Resource] ?? 0, reserved: 0 };
    }
    return { quota_set: quotaSet };
  }
}
