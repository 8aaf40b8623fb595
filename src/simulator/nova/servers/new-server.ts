import { BadRequest, Forbidden } from '../../../openstack/faults.js';
import type { Microversion } from '../../../openstack/microversion.js';
import { bodyValidator } from '../../json-schema/json-schema.js';
import { DEFAULT_SECURITY_GROUP, securityGroupId } from '../../neutron/security-group.js';
import { readBoolean } from '../../query/booleans.js';
import { serverCreateSchema } from '../schemas/server-create.js';
import type { RequestedNetwork } from './port-allocator.js';
import type { ServerData } from './server.entity.js';

/** The most servers that one request may ask for. */
const MOST_SERVERS = 100;

/** The part of a create that the simulation reads. */
export interface NewServer {
  name: string;
  imageRef?: string;
  flavorRef: string | number;
  min_count?: number | string;
  max_count?: number | string;
  return_reservation_id?: boolean | string;
  metadata?: Record<string, string>;
  tags?: string[];
  description?: string | null;
  key_name?: string;
  availability_zone?: string;
  config_drive?: boolean | string;
  accessIPv4?: string;
  accessIPv6?: string;
  adminPass?: string;
  security_groups?: { name: string }[];
  networks?: 'none' | 'auto' | RequestedNetwork[];
  block_device_mapping_v2?: BlockDevice[];
  'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL';
}

interface BlockDevice {
  boot_index?: number | string | null;
  source_type?: string;
  uuid?: string;
  destination_type?: string;
  delete_on_termination?: boolean;
}

interface CreateBody {
  server: NewServer;
  'os:scheduler_hints'?: Hints;
  'OS-SCH-HNT:scheduler_hints'?: Hints;
}

interface Hints {
  group?: string | string[];
}

/**
 * Checks the body of a create and returns its parameters.
 *
 * @throws BadRequest in Nova's words
 */
export function readNewServer(body: unknown, version: Microversion): NewServer {
  const create = bodyValidator<CreateBody>(serverCreateSchema(version))(body);
  const { group } = create['os:scheduler_hints'] ?? create['OS-SCH-HNT:scheduler_hints'] ?? {};
  // No server group exists.
  if (group !== undefined)
    throw new BadRequest(`Instance group ${[group].flat().join()} could not be found.`);
  return create.server;
}

/** As many as possible from min_count to max_count; here, all. */
export function countOf({ min_count, max_count }: NewServer): number {
  const min = Number(min_count ?? 1);
  const max = Number(max_count ?? min);
  if (min > max) throw new BadRequest('min_count must be <= max_count');
  if (max > MOST_SERVERS) {
    throw new Forbidden(
      `Quota exceeded for instances: Requested ${max}, but at most ${MOST_SERVERS} can be made by one request`,
    );
  }
  return max;
}

/** The initial data of a new server, from the request. */
export function dataOf(
  asked: NewServer,
  projectId: string,
  availabilityZone: string,
): Omit<ServerData, 'reservationId' | 'launchIndex' | 'ports'> {
  const volume = bootVolume(asked);
  return {
    flavorId: String(asked.flavorRef),
    imageRef: asked.imageRef ?? '',
    metadata: asked.metadata ?? {},
    tags: [...new Set(asked.tags ?? [])],
    locked: false,
    description: asked.description ?? null,
    keyName: asked.key_name ?? null,
    availabilityZone,
    configDrive: isTrue(asked.config_drive),
    diskConfig: asked['OS-DCF:diskConfig'] ?? 'MANUAL',
    accessIPv4: asked.accessIPv4 ?? '',
    accessIPv6: asked.accessIPv6 ?? '',
    securityGroups: securityGroupsOf(asked, projectId),
    volumes:
      volume?.uuid === undefined
        ? []
        : [
            {
              volumeId: volume.uuid,
              device: '/dev/vda',
              deleteOnTermination: volume.delete_on_termination === true,
            },
          ],
    powerState: 0,
    launchedAt: null,
    terminatedAt: null,
    fault: null,
    resizedFrom: null,
  };
}

/** Clients name a security group by its name or its id; there is only the default one. */
function securityGroupsOf({ security_groups }: NewServer, projectId: string): string[] {
  for (const { name } of security_groups ?? []) {
    if (name !== DEFAULT_SECURITY_GROUP && name !== securityGroupId(projectId)) {
      throw new BadRequest(`Unable to find security_group with name or id '${name}'`);
    }
  }
  return [DEFAULT_SECURITY_GROUP];
}

/**
 * Newer clients name the image as a block device too, but never only there.
 *
 * @throws BadRequest for another device of that kind, in Nova's words
 */
export function assertDevicesFit({ imageRef = '', block_device_mapping_v2 = [] }: NewServer): void {
  const isOther = block_device_mapping_v2.some(
    ({ boot_index, source_type, destination_type }) =>
      source_type === 'image' &&
      destination_type === 'local' &&
      (imageRef === '' || Number(boot_index ?? -1) !== 0),
  );
  if (isOther)
    throw new BadRequest('Block Device Mapping is Invalid: Mapping image to local is not supported.');
}

/** The images that a new server is made from, besides the one that it boots from. */
export function deviceImages({ block_device_mapping_v2 = [] }: NewServer): string[] {
  return block_device_mapping_v2.flatMap(({ source_type, uuid }) =>
    source_type === 'image' && uuid !== undefined ? [uuid] : [],
  );
}

/** The volume that the server boots from, if it does. */
export function bootVolume({ block_device_mapping_v2 }: NewServer): BlockDevice | undefined {
  return block_device_mapping_v2?.find(
    ({ boot_index, destination_type }) => Number(boot_index) === 0 && destination_type === 'volume',
  );
}

/** Nova takes booleans in many spellings (oslo_utils.strutils). */
export function isTrue(value: boolean | string | undefined): boolean {
  return readBoolean(String(value)) === true;
}
