import { address, addressCount, type Network, NETWORKS, OWNER } from './network.js';
import type { Port } from './port-directory.js';
import { securityGroupId } from './security-group.js';

const SINCE = '2026-01-01T00:00:00Z';

/** The fields that all of Neutron's resources have. */
const COMMON = { description: '', tags: [], created_at: SINCE, updated_at: SINCE, revision_number: 1 };

/** A network as Neutron shows it. */
export function networkView({ id, name, isExternal, subnet }: Network): Record<string, unknown> {
  return {
    ...COMMON,
    id,
    name,
    project_id: OWNER,
    tenant_id: OWNER,
    status: 'ACTIVE',
    admin_state_up: true,
    shared: true,
    'router:external': isExternal,
    is_default: isExternal,
    subnets: [subnet.id],
    mtu: 1450,
    port_security_enabled: true,
    availability_zones: ['nova'],
    availability_zone_hints: [],
    ipv4_address_scope: null,
    ipv6_address_scope: null,
    qos_policy_id: null,
  };
}

/** The subnet of a network as Neutron shows it. */
export function subnetView({ id: networkId, subnet }: Network): Record<string, unknown> {
  return {
    ...COMMON,
    id: subnet.id,
    name: subnet.name,
    network_id: networkId,
    project_id: OWNER,
    tenant_id: OWNER,
    ip_version: 4,
    cidr: `${address(subnet, 0)}/${subnet.prefixLength}`,
    gateway_ip: address(subnet, 1),
    allocation_pools: [{ start: address(subnet, 2), end: address(subnet, addressCount(subnet) - 2) }],
    enable_dhcp: true,
    dns_nameservers: [],
    host_routes: [],
    ipv6_address_mode: null,
    ipv6_ra_mode: null,
    subnetpool_id: null,
    segment_id: null,
    service_types: [],
  };
}

/** A port as Neutron shows it. */
export function portView(port: Port): Record<string, unknown> {
  const subnet = NETWORKS.find(({ id }) => id === port.networkId)?.subnet;
  return {
    ...COMMON,
    id: port.id,
    name: '',
    network_id: port.networkId,
    project_id: port.projectId,
    tenant_id: port.projectId,
    device_id: port.deviceId,
    device_owner: 'compute:nova',
    status: 'ACTIVE',
    admin_state_up: true,
    mac_address: port.mac,
    fixed_ips: [{ subnet_id: subnet?.id ?? null, ip_address: port.ip }],
    security_groups: [securityGroupId(port.projectId)],
    port_security_enabled: true,
    allowed_address_pairs: [],
    extra_dhcp_opts: [],
    'binding:vnic_type': 'normal',
    qos_policy_id: null,
  };
}
