import type { FastifyRequest } from 'fastify';
import type { Microversion } from '../../../openstack/microversion.js';
import { type Link, resourceLinks } from '../../../openstack/urls/links.js';
import type { Flavor } from './flavors.js';

/** What a list without details shows (nova/api/openstack/compute/views/flavors.py). */
export function flavorBrief(flavor: Flavor, version: Microversion, request: FastifyRequest): object {
  return {
    id: flavor.id,
    name: flavor.name,
    links: flavorLinks(flavor, request),
    ...(version >= 55 && { description: null }),
  };
}

/** A flavor with all fields of its microversion. */
export function flavorView(flavor: Flavor, version: Microversion, request: FastifyRequest): object {
  return {
    ...flavorBrief(flavor, version, request),
    vcpus: flavor.vcpus,
    ram: flavor.ram,
    disk: flavor.disk,
    swap: '', // Nova's way to say none, up to 2.74
    rxtx_factor: 1,
    'OS-FLV-EXT-DATA:ephemeral': 0,
    'OS-FLV-DISABLED:disabled': false,
    'os-flavor-access:is_public': true,
  };
}

/** A flavor as part of a server: up to 2.46 by its id, from then on as it was when the server was made. */
export function flavorOfServer(flavor: Flavor, version: Microversion, request: FastifyRequest): object {
  if (version < 47) {
    return { id: flavor.id, links: flavorLinks(flavor, request).filter(({ rel }) => rel === 'bookmark') };
  }
  const { vcpus, ram, disk, name } = flavor;
  return { vcpus, ram, disk, ephemeral: 0, swap: 0, original_name: name, extra_specs: {} };
}

function flavorLinks({ id }: Flavor, request: FastifyRequest): Link[] {
  return resourceLinks(request, `flavors/${id}`);
}
