import type { Microversion } from '../../../openstack/microversion.js';
import { quotasAt, type Resource } from './quotas.js';
import type { Usage } from './usage.service.js';

/** Nova's names of the quotas among the absolute limits (nova/api/openstack/compute/views/limits.py). */
const LIMIT_NAMES: Partial<Record<Resource, string[]>> = {
  ram: ['maxTotalRAMSize'],
  instances: ['maxTotalInstances'],
  cores: ['maxTotalCores'],
  key_pairs: ['maxTotalKeypairs'],
  floating_ips: ['maxTotalFloatingIps'],
  metadata_items: ['maxServerMeta', 'maxImageMeta'],
  injected_files: ['maxPersonality'],
  injected_file_content_bytes: ['maxPersonalitySize'],
  security_groups: ['maxSecurityGroups'],
  security_group_rules: ['maxSecurityGroupRules'],
  server_groups: ['maxServerGroups'],
  server_group_members: ['maxServerGroupMembers'],
};

const USAGE_NAMES: Partial<Record<Resource, string>> = {
  ram: 'totalRAMUsed',
  instances: 'totalInstancesUsed',
  cores: 'totalCoresUsed',
  floating_ips: 'totalFloatingIpsUsed',
  security_groups: 'totalSecurityGroupsUsed',
  server_groups: 'totalServerGroupsUsed',
};

/** The limits of a project, and what it uses of them; 2.39 drops the one of image metadata. */
export function limitsView(usage: Usage, version: Microversion): object {
  const absolute: Record<string, number> = {};
  const quotas = Object.entries(quotasAt(version)) as [Resource, number][];
  for (const [resource, quota] of quotas) {
    for (const name of LIMIT_NAMES[resource] ?? []) {
      if (name !== 'maxImageMeta' || version < 39) absolute[name] = quota;
    }
  }
  for (const [resource] of quotas) {
    const name = USAGE_NAMES[resource];
    if (name !== undefined) absolute[name] = usage[resource] ?? 0;
  }
  return { limits: { rate: [], absolute } };
}
