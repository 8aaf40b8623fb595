import type { FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import type { Microversion } from '../../../openstack/microversion.js';
import { type Link, origin, resourceLinks } from '../../../openstack/urls/links.js';
import { flavorOfServer } from '../flavors/flavor.view.js';
import { findFlavor } from '../flavors/flavors.js';
import { HOST } from '../host.js';
import { statusOf } from './server-status.js';
import {
  type SimulatedServer,
  portsOf,
  type ServerData,
  type ServerPort,
  securityGroupsOf,
} from './server.entity.js';

/** The fields in a list without details. */
export function serverBrief(
  server: SimulatedServer,
  request: FastifyRequest,
): { id: string; name: string; links: Link[] } {
  return { id: server.id, name: server.name, links: serverLinks(server.id, request) };
}

export function serverLinks(id: string, request: FastifyRequest): Link[] {
  return resourceLinks(request, `servers/${id}`);
}

/** A server with all fields of its microversion (nova/api/openstack/compute/views/servers.py). */
export function serverView(
  server: SimulatedServer,
  request: FastifyRequest,
  version: Microversion,
  isAdmin: boolean,
): object {
  const { data, id } = server;
  const status = statusOf(server);
  const groups = securityGroupsOf(server);
  return {
    ...serverBrief(server, request),
    status,
    tenant_id: server.projectId,
    user_id: server.userId,
    metadata: data.metadata,
    hostId: createHash('sha224').update(`${server.projectId}${HOST}`).digest('hex'),
    image: data.imageRef === '' ? '' : { id: data.imageRef, links: [imageBookmark(data.imageRef, request)] },
    flavor: flavorView(data, request, version),
    created: seconds(server.createdAt),
    updated: seconds(server.updatedAt),
    addresses: addressesView(portsOf(server)),
    accessIPv4: data.accessIPv4,
    accessIPv6: data.accessIPv6,
    ...(PROGRESS[status] !== undefined && { progress: PROGRESS[status] }),
    ...((status === 'ERROR' || status === 'DELETED') &&
      data.fault !== null && { fault: faultView(data.fault) }),
    'OS-DCF:diskConfig': data.diskConfig,
    'OS-EXT-AZ:availability_zone': data.availabilityZone,
    'OS-EXT-STS:power_state': data.powerState,
    'OS-EXT-STS:task_state': server.taskState,
    'OS-EXT-STS:vm_state': server.vmState,
    'OS-SRV-USG:launched_at': microseconds(data.launchedAt),
    'OS-SRV-USG:terminated_at': microseconds(data.terminatedAt),
    config_drive: data.configDrive ? 'True' : '',
    key_name: data.keyName,
    'os-extended-volumes:volumes_attached': data.volumes.map(({ volumeId, deleteOnTermination }) => ({
      id: volumeId,
      ...(version >= 3 && { delete_on_termination: deleteOnTermination }),
    })),
    ...(groups.length > 0 && { security_groups: groups.map((name) => ({ name })) }),
    ...(version >= 9 && { locked: data.locked }),
    ...(version >= 19 && { description: data.description }),
    ...(version >= 26 && { tags: data.tags }),
    ...(isAdmin && adminView(id, server, version)),
  };
}

const PROGRESS: Record<string, number> = {
  ACTIVE: 100,
  BUILD: 0,
  REBOOT: 0,
  REBUILD: 0,
  RESIZE: 0,
  VERIFY_RESIZE: 100,
  REVERT_RESIZE: 0,
  MIGRATING: 0,
  PASSWORD: 0,
};

function adminView(id: string, server: SimulatedServer, version: Microversion): object {
  return {
    'OS-EXT-SRV-ATTR:host': HOST,
    'OS-EXT-SRV-ATTR:hypervisor_hostname': HOST,
    'OS-EXT-SRV-ATTR:instance_name': `instance-${id.slice(0, 8)}`,
    ...(version >= 3 && {
      'OS-EXT-SRV-ATTR:hostname': server.name,
      'OS-EXT-SRV-ATTR:reservation_id': server.data.reservationId,
      'OS-EXT-SRV-ATTR:launch_index': server.data.launchIndex,
      'OS-EXT-SRV-ATTR:kernel_id': '',
      'OS-EXT-SRV-ATTR:ramdisk_id': '',
      'OS-EXT-SRV-ATTR:root_device_name': '/dev/vda',
      'OS-EXT-SRV-ATTR:user_data': null,
    }),
    ...(version >= 16 && { host_status: 'UP' }),
  };
}

function flavorView({ flavorId }: ServerData, request: FastifyRequest, version: Microversion): object {
  const flavor = findFlavor(flavorId);
  return flavor === null ? { id: flavorId, links: [] } : flavorOfServer(flavor, version, request);
}

function addressesView(ports: ServerPort[]): Record<string, object[]> {
  const addresses: Record<string, object[]> = {};
  for (const { networkName, ip, mac } of ports) {
    (addresses[networkName] ??= []).push({
      version: 4,
      addr: ip,
      'OS-EXT-IPS:type': 'fixed',
      'OS-EXT-IPS-MAC:mac_addr': mac,
    });
  }
  return addresses;
}

function imageBookmark(imageRef: string, request: FastifyRequest): Link {
  return { rel: 'bookmark', href: `${origin(request)}/images/${imageRef}` };
}

function faultView({ code, message, created }: NonNullable<ServerData['fault']>): object {
  return { code, message, created: seconds(created) };
}

function seconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function microseconds(time: number | null): string | null {
  return time === null ? null : `${new Date(time).toISOString().slice(0, 19)}.000000`;
}
