import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../openstack/faults.js';
import { PortAllocator } from '../port-allocator.js';
import type { ServerPort } from '../server.entity.js';
import type { EffectOf } from './effect.js';

interface AttachBody {
  interfaceAttachment?: { net_id?: string; port_id?: string };
}

/** Attaching and detaching network interfaces. */
@Injectable()
export class InterfaceEffects {
  constructor(private readonly allocator: PortAllocator) {}

  readonly effects: Readonly<Record<string, EffectOf>> = {
    attach_interface: ({ body }, { data }) => {
      const { net_id, port_id } = (body as AttachBody | undefined)?.interfaceAttachment ?? {};
      // The same is a bad request when a server is created.
      if (port_id !== undefined) throw new NotFound(`Port id ${port_id} could not be found.`);
      const port = this.allocator.allocate({ uuid: net_id });
      return {
        changes: { data: { ...data, ports: [...data.ports, port] } },
        body: { interfaceAttachment: interfaceView(port) },
        resource: { network: port.networkId, port: port.portId },
      };
    },

    detach_interface: ({ subresourceId }, { id, data }) => {
      const port = data.ports.find(({ portId }) => portId === subresourceId);
      if (port === undefined) throw new NotFound(`Port ${subresourceId} is not attached to instance ${id}.`);
      return { resource: { network: port.networkId }, detail: { portId: port.portId } };
    },
  };
}

/** An interface as `os-interface` shows it. */
export function interfaceView({ portId, networkId, subnetId, ip, mac }: ServerPort): object {
  return {
    net_id: networkId,
    port_id: portId,
    mac_addr: mac,
    port_state: 'ACTIVE',
    fixed_ips: [{ subnet_id: subnetId, ip_address: ip }],
  };
}
