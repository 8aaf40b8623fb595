import { randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { BadRequest, Forbidden } from '../../../openstack/faults.js';
import { bodyValidator } from '../../../openstack/json-schema.js';
import { apiBase } from '../../../openstack/links.js';
import type { Microversion } from '../../../openstack/microversion.js';
import type { ComputeRequest } from '../../compute.service.js';
import { findFlavor } from '../flavors/flavors.js';
import { ImagesService } from '../images/images.service.js';
import { KeypairsService } from '../keypairs/keypairs.service.js';
import { serverCreateSchema } from '../schemas/server-create.js';
import { newOperation, type Plan } from './plan.js';
import { PortAllocator, type RequestedNetwork } from './port-allocator.js';
import type { EmbeddedServer, ServerData } from './server.entity.js';
import { ServerStore } from './server-store.js';
import { serverLinks } from './server.view.js';
import { taskStateDuring } from './simulation.js';

/** The most servers that one request may ask for. */
const MOST_SERVERS = 100;

/** The body of `POST /servers`, as far as the simulation reads it. */
interface CreateBody {
  server: {
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
  };
}

interface BlockDevice {
  boot_index?: number | string | null;
  source_type?: string;
  uuid?: string;
  destination_type?: string;
  delete_on_termination?: boolean;
}

/** Decides what `POST /servers` makes (nova/api/openstack/compute/servers.py, `create`). */
@Injectable()
export class CreatePlanner {
  constructor(
    private readonly servers: ServerStore,
    private readonly images: ImagesService,
    private readonly keypairs: KeypairsService,
    private readonly ports: PortAllocator,
  ) {}

  async plan(request: ComputeRequest): Promise<Plan> {
    const { server: asked } = validate(request.body, request.microversion);
    const count = countOf(asked);
    await this.assertRefsExist(asked, request);
    const { projectId, userId } = request.caller;
    const reservationId = `r-${randomBytes(5).toString('hex').slice(0, 8)}`;
    const now = Date.now();

    const servers = Array.from({ length: count }, (_, n): EmbeddedServer => {
      const id = randomUUID();
      return {
        id,
        projectId,
        userId,
        name: count === 1 ? asked.name.trim() : `${asked.name.trim()}-${n + 1}`,
        vmState: 'building',
        taskState: taskStateDuring('create'),
        createdAt: now,
        updatedAt: now,
        version: 0,
        data: {
          ...dataOf(asked),
          reservationId,
          launchIndex: n,
          ports: this.ports.forNewServer(asked.networks),
        },
      };
    });
    return this.answer(request, asked, servers);
  }

  private answer(request: ComputeRequest, asked: CreateBody['server'], servers: EmbeddedServer[]): Plan {
    const [first] = servers as [EmbeddedServer, ...EmbeddedServer[]];
    const resource = { server: first.id };
    const self = `${apiBase(request.http)}/servers/${first.id}`;
    const byReservation = isTrue(asked.return_reservation_id);
    return {
      status: 202,
      headers: byReservation ? {} : { Location: self },
      body: byReservation
        ? { reservation_id: first.data.reservationId }
        : {
            server: {
              id: first.id,
              links: serverLinks(first.id, request.http),
              'OS-DCF:diskConfig': first.data.diskConfig,
              security_groups: first.data.securityGroups.map((name) => ({ name })),
              adminPass: asked.adminPass ?? randomBytes(9).toString('base64url'),
            },
          },
      doneWhenAnswered: false,
      operations: servers.map(({ id }, n) => newOperation(request, n, id, resource)),
      statements: [this.servers.insert(servers)],
    };
  }

  private async assertRefsExist(asked: CreateBody['server'], { caller }: ComputeRequest): Promise<void> {
    if (findFlavor(String(asked.flavorRef)) === null) {
      throw new BadRequest(`Flavor ${asked.flavorRef} could not be found.`);
    }
    const imageRef = imageOf(asked);
    if (imageRef === '') {
      if (bootVolume(asked) === undefined) {
        throw new BadRequest(
          'Block Device Mapping is Invalid: You must specify images for "source" and "local".',
        );
      }
    } else if ((await this.images.find(caller.projectId, imageRef)) === null) {
      throw new BadRequest(`Image ${imageRef} could not be found.`);
    }
    if (asked.key_name !== undefined && (await this.keypairs.find(caller.userId, asked.key_name)) === null) {
      throw new BadRequest(`Invalid key_name provided.`);
    }
  }
}

function validate(body: unknown, version: Microversion): CreateBody {
  return bodyValidator<CreateBody>(serverCreateSchema(version))(body);
}

/** As many as can be had of min_count to max_count; here, all. */
function countOf({ min_count, max_count }: CreateBody['server']): number {
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

function dataOf(asked: CreateBody['server']): Omit<ServerData, 'reservationId' | 'launchIndex' | 'ports'> {
  const volume = bootVolume(asked);
  return {
    flavorId: String(asked.flavorRef),
    imageRef: imageOf(asked),
    metadata: asked.metadata ?? {},
    tags: [...new Set(asked.tags ?? [])],
    locked: false,
    description: asked.description ?? null,
    keyName: asked.key_name ?? null,
    availabilityZone: asked.availability_zone ?? 'nova',
    configDrive: isTrue(asked.config_drive),
    diskConfig: asked['OS-DCF:diskConfig'] ?? 'MANUAL',
    accessIPv4: asked.accessIPv4 ?? '',
    accessIPv6: asked.accessIPv6 ?? '',
    securityGroups: (asked.security_groups ?? [{ name: 'default' }]).map(({ name }) => name),
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

/** Newer clients name the image as a block device too, or only there. */
function imageOf(asked: CreateBody['server']): string {
  const device = asked.block_device_mapping_v2?.find(
    ({ source_type, destination_type }) => source_type === 'image' && destination_type === 'local',
  );
  return asked.imageRef ?? device?.uuid ?? '';
}

function bootVolume({ block_device_mapping_v2 }: CreateBody['server']): BlockDevice | undefined {
  return block_device_mapping_v2?.find(
    ({ boot_index, destination_type }) => Number(boot_index) === 0 && destination_type === 'volume',
  );
}

/** Nova takes booleans in many spellings (oslo_utils.strutils). */
function isTrue(value: boolean | string | undefined): boolean {
  return value === true || ['1', 't', 'true', 'on', 'y', 'yes'].includes(String(value).toLowerCase());
}
