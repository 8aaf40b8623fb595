import { Controller, Get, Req, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../../identity/caller.js';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { MicroversionGuard, microversionOf } from '../../../openstack/microversion.guard.js';
import { queryOf } from '../../query/query.js';
import { assertOwnProject } from '../policy.js';
import { limitsView } from './limits.view.js';
import { UsageService } from './usage.service.js';

/** The limits of the caller's project; administrators may ask for another one's by `tenant_id`. */
@ApiTags('simulated cloud')
@Controller('v3/limits')
@UseGuards(TenantGuard, MicroversionGuard)
export class LimitsController {
  constructor(private readonly usage: UsageService) {}

  @Get()
  @ApiOperation({ summary: 'Show the limits of the project, and what it uses of them' })
  async show(@Req() request: FastifyRequest): Promise<object> {
    const caller = callerOf(request);
    const projectId = queryOf(request).get('tenant_id') ?? caller.projectId;
    assertOwnProject(projectId, caller, 'limits:other_project');
    return limitsView(await this.usage.of(projectId), microversionOf(request));
  }
}
