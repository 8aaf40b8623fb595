import { v5 as uuidOfName } from 'uuid';

/** The name of the security group that every project has, and the only one. */
export const DEFAULT_SECURITY_GROUP = 'default';

const NAMESPACE = '3f1d6c1e-7a52-4d3a-9a0e-8f4f5a2f9b60';

/** The id of a project's security group: always the same for the same project. */
export function securityGroupId(projectId: string): string {
  return uuidOfName(`security-group ${projectId}`, NAMESPACE);
}

/** A project's security group as Neutron shows it: everything may go out, and the group's own may come in. */
export function securityGroupView(projectId: string): Record<string, unknown> {
  return {
    id: securityGroupId(projectId),
    name: DEFAULT_SECURITY_GROUP,
    description: 'Default security group',
    project_id: projectId,
    tenant_id: projectId,
    stateful: true,
    shared: false,
    tags: [],
    security_group_rules: securityGroupRules(projectId),
  };
}

/** The rules of a project's security group as Neutron shows them. */
export function securityGroupRules(projectId: string): Record<string, unknown>[] {
  const group = securityGroupId(projectId);
  return ['egress', 'ingress'].flatMap((direction) =>
    ['IPv4', 'IPv6'].map((ethertype) => ({
      id: uuidOfName(`${direction} ${ethertype}`, group),
      security_group_id: group,
      project_id: projectId,
      tenant_id: projectId,
      direction,
      ethertype,
      protocol: null,
      port_range_min: null,
      port_range_max: null,
      remote_ip_prefix: null,
      remote_group_id: direction === 'ingress' ? group : null,
      remote_address_group_id: null,
      description: '',
    })),
  );
}

/** The same as Nova showed it, below 2.36 and for servers; it has only the rules for incoming traffic. */
export function novaSecurityGroup(projectId: string): Record<string, unknown> {
  const id = securityGroupId(projectId);
  return {
    id,
    name: DEFAULT_SECURITY_GROUP,
    description: 'Default security group',
    tenant_id: projectId,
    rules: securityGroupRules(projectId)
      .filter(({ direction }) => direction === 'ingress')
      .map((rule) => ({
        id: rule['id'],
        parent_group_id: id,
        group: { name: DEFAULT_SECURITY_GROUP, tenant_id: projectId },
        ip_protocol: null,
        from_port: null,
        to_port: null,
        ip_range: {},
      })),
  };
}
