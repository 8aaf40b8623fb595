import { Controller, Get, Param, Req, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../identity/caller.js';
import { TenantGuard } from '../../identity/tenant.guard.js';
import { NetworkFaultFilter } from './network-fault.filter.js';
import { NetworkResourceNotFound } from './network.errors.js';
import { type Query, resourceList, type ResourceView, withFields } from './resource-list.js';
import { securityGroupRules, securityGroupView } from './security-group.js';

/** The security group of a project, and its rules. */
@ApiExcludeController()
@Controller('network/v2.0')
@UseGuards(TenantGuard)
@UseFilters(NetworkFaultFilter)
export class SecurityGroupsController {
  @Get('security-groups')
  list(@Req() request: FastifyRequest): object {
    const group = securityGroupView(callerOf(request).projectId);
    return resourceList('security_groups', [group], group, request);
  }

  @Get('security-groups/:id')
  show(@Req() request: FastifyRequest, @Param('id') id: string): object {
    const group = securityGroupView(callerOf(request).projectId);
    if (group['id'] !== id) {
      throw new NetworkResourceNotFound(`Security group ${id} does not exist`, 'SecurityGroupNotFound');
    }
    return { security_group: withFields(group, request.query as Query) };
  }

  @Get('security-group-rules')
  listRules(@Req() request: FastifyRequest): object {
    const rules = securityGroupRules(callerOf(request).projectId);
    return resourceList('security_group_rules', rules, rules[0] as ResourceView, request);
  }

  @Get('security-group-rules/:id')
  showRule(@Req() request: FastifyRequest, @Param('id') id: string): object {
    const rule = securityGroupRules(callerOf(request).projectId).find((candidate) => candidate['id'] === id);
    if (rule === undefined) {
      throw new NetworkResourceNotFound(
        `Security group rule ${id} does not exist`,
        'SecurityGroupRuleNotFound',
      );
    }
    return { security_group_rule: withFields(rule, request.query as Query) };
  }
}
