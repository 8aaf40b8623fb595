import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { BadRequest } from '../../../openstack/faults.js';
import type { Network } from '../../neutron/network.js';
import { NetworksService } from '../../neutron/networks.service.js';
import type { ServerPort } from './server.entity.js';

/** A network that a request names; without a name, the default one. */
export interface RequestedNetwork {
  uuid?: string;
  port?: string | null;
}

/** Gives servers their ports. */
@Injectable()
export class PortAllocator {
  constructor(private readonly networks: NetworksService) {}

  /**
   * The ports of a new server.
   *
   * @param asked `none`, `auto`, a list, or nothing; an empty list counts as nothing
   * @throws BadRequest for a network or a port that does not exist
   */
  forNewServer(asked: 'none' | 'auto' | RequestedNetwork[] | undefined): ServerPort[] {
    if (asked === 'none') return [];
    if (asked === undefined || asked === 'auto' || asked.length === 0) return [this.allocate({})];
    if (asked.some(({ uuid, port }) => uuid === undefined && (port ?? null) === null)) {
      throw new BadRequest("Bad network format: missing 'uuid'");
    }
    return asked.map((network) => this.allocate(network));
  }

  /** A new port on one network. */
  allocate({ uuid, port }: RequestedNetwork): ServerPort {
    // Ports are made and deleted with their servers, so there is never a free one.
    if (port !== undefined && port !== null) throw new BadRequest(`Port id ${port} could not be found.`);
    const network = this.network(uuid);
    const { portId, ip, mac } = this.networks.allocate(network, randomUUID());
    return { portId, networkId: network.id, networkName: network.name, subnetId: network.subnet.id, ip, mac };
  }

  private network(id: string | undefined): Network {
    const [first] = this.networks.list();
    const network = id === undefined ? first : this.networks.list().find((one) => one.id === id);
    if (network === undefined) throw new BadRequest(`Network ${id} could not be found.`);
    return network;
  }
}
