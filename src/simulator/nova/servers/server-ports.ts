import { Injectable } from '@nestjs/common';
import { type Port, PortDirectory, type PortFilter } from '../../neutron/port-directory.js';
import { ServerStore } from './server-store.js';
import { portsOf } from './server.entity.js';

/** The ports of all servers, for the network service. */
@Injectable()
export class ServerPorts extends PortDirectory {
  constructor(private readonly servers: ServerStore) {
    super();
  }

  async list(projectId: string, { id, deviceId, networkId }: PortFilter): Promise<Port[]> {
    const servers = await this.servers.list(projectId, false);
    return servers
      .flatMap((server) =>
        portsOf(server).map(({ portId, networkId: onNetwork, ip, mac }) => ({
          id: portId,
          networkId: onNetwork,
          projectId,
          deviceId: server.id,
          ip,
          mac,
        })),
      )
      .filter(
        (port) =>
          (id === undefined || port.id === id) &&
          (deviceId === undefined || port.deviceId === deviceId) &&
          (networkId === undefined || port.networkId === networkId),
      );
  }
}
