import { Injectable } from '@nestjs/common';
import { randomBytes, randomUUID } from 'node:crypto';
import type { ComputeRequest } from '../../../compute/compute.service.js';
import type { Caller } from '../../../identity/caller.js';
import { BadRequest } from '../../../openstack/faults.js';
import { apiBase } from '../../../openstack/urls/links.js';
import { ImagesService } from '../../glance/images.service.js';
import { findFlavor } from '../flavors/flavors.js';
import { KeypairsService } from '../keypairs/keypairs.service.js';
import { zoneOf } from './new-server-zone.js';
import {
  assertDevicesFit,
  bootVolume,
  deviceImages,
  countOf,
  dataOf,
  isTrue,
  type NewServer,
  readNewServer,
} from './new-server.js';
import { taskStateDuring } from './operations/simulation.js';
import { newOperation, type Plan } from './plan.js';
import { PortAllocator } from './port-allocator.js';
import { ServerStore } from './server-store.js';
import type { SimulatedServer } from './server.entity.js';
import { serverLinks } from './server.view.js';

/** The longest name of a server, in characters. */
const MAX_NAME = 255;

/** Plans the servers for `POST /servers` (nova/api/openstack/compute/servers.py, `create`). */
@Injectable()
export class CreatePlanner {
  constructor(
    private readonly servers: ServerStore,
    private readonly images: ImagesService,
    private readonly keypairs: KeypairsService,
    private readonly ports: PortAllocator,
  ) {}

  async plan(request: ComputeRequest): Promise<Plan> {
    const asked = readNewServer(request.body, request.microversion);
    const zone = zoneOf(asked.availability_zone, request.caller);
    const count = countOf(asked);
    await this.assertRefsExist(asked, request);
    const { projectId, userId } = request.caller;
    const reservationId = `r-${randomBytes(5).toString('hex').slice(0, 8)}`;
    const now = Date.now();

    const servers = Array.from({ length: count }, (_, n): SimulatedServer => {
      const id = randomUUID();
      return {
        id,
        projectId,
        userId,
        name: count === 1 ? asked.name.trim() : numbered(asked.name.trim(), n + 1),
        vmState: 'building',
        taskState: taskStateDuring('create'),
        createdAt: now,
        updatedAt: now,
        version: 0,
        data: {
          ...dataOf(asked, projectId, zone),
          reservationId,
          launchIndex: n,
          ports: this.ports.forNewServer(asked.networks),
        },
      };
    });
    return this.answer(request, asked, servers);
  }

  private answer(request: ComputeRequest, asked: NewServer, servers: SimulatedServer[]): Plan {
    const [first] = servers as [SimulatedServer, ...SimulatedServer[]];
    const self = `${apiBase(request.http)}/servers/${first.id}`;
    const byReservation = isTrue(asked.return_reservation_id);
    const resource = {
      server: first.id,
      ...(byReservation && { reservation: first.data.reservationId }),
    };
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

  private async assertRefsExist(asked: NewServer, { caller }: ComputeRequest): Promise<void> {
    if (findFlavor(String(asked.flavorRef)) === null) {
      throw new BadRequest(`Flavor ${asked.flavorRef} could not be found.`);
    }
    await this.assertImageExists(asked, caller);
    if (asked.key_name !== undefined && (await this.keypairs.find(caller.userId, asked.key_name)) === null) {
      throw new BadRequest(`Invalid key_name provided.`);
    }
  }

  private async assertImageExists(asked: NewServer, caller: Caller): Promise<void> {
    assertDevicesFit(asked);
    const { imageRef = '' } = asked;
    if (imageRef !== '') {
      if ((await this.images.find(caller.projectId, imageRef)) === null) {
        throw new BadRequest('Can not find requested image');
      }
    } else if (bootVolume(asked) === undefined) throw new BadRequest('Missing imageRef attribute');
    for (const id of deviceImages(asked)) {
      if ((await this.images.find(caller.projectId, id)) === null) {
        throw new BadRequest(`Block Device Mapping is Invalid: failed to get image ${id}.`);
      }
    }
  }
}

/** One of several servers, with its name cut to the longest allowed. */
function numbered(name: string, n: number): string {
  const suffix = `-${n}`;
  return name.slice(0, MAX_NAME - suffix.length) + suffix;
}
