import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { v5 as uuidOfName } from 'uuid';
import { address, addressCount, type Network, NETWORKS } from './network.js';

/** A server's port on a network. */
export interface Allocation {
  portId: string;
  ip: string;
  /** As OpenStack gives them: `fa:16:3e:…`. */
  mac: string;
}

/** The networks, and the servers' ports on them. */
@Injectable()
export class NetworksService {
  /** All networks; a server that asks for none gets the first one. */
  list(): readonly [Network, ...Network[]] {
    return NETWORKS;
  }

  /** A network by id or by name; `null` if there is none. */
  find(idOrName: string): Network | null {
    return (
      NETWORKS.find(({ id }) => id === idOrName) ?? NETWORKS.find(({ name }) => name === idOrName) ?? null
    );
  }

  /**
   * A port on a network: always the same for the same seed. Ports of different seeds have different ids; their
   * addresses very likely differ, but not certainly, since nothing is sent over them.
   */
  allocate(network: Network, seed: string): Allocation {
    const hash = createHash('sha256').update(network.id).update(seed).digest();
    // Not the network's address, the gateway's, or the broadcast address.
    const n = 2 + (hash.readUInt32BE(0) % (addressCount(network.subnet) - 3));
    return {
      portId: uuidOfName(seed, network.id),
      ip: address(network.subnet, n),
      mac: ['fa', '16', '3e', ...hash.toString('hex', 4, 7).match(/../g)!].join(':'),
    };
  }
}
