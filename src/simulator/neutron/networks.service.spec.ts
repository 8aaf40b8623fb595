import { BlockList } from 'node:net';
import { address, addressCount, NETWORKS } from './network.js';
import { NetworksService } from './networks.service.js';

describe('the networks', () => {
  const service = new NetworksService();

  it('are found by id and by name', () => {
    const [network] = NETWORKS;
    expect(service.find(network.id)).toBe(network);
    expect(service.find('private')).toBe(network);
    expect(service.find('nosuch')).toBeNull();
  });

  it.each(NETWORKS.map((network) => [network.name, network] as const))(
    '%s gives out addresses of its subnet, the same for the same seed',
    (_name, network) => {
      const { subnet } = network;
      const hosts = new BlockList();
      hosts.addRange(address(subnet, 2), address(subnet, addressCount(subnet) - 2));
      for (let i = 0; i < 1000; i++) {
        const port = service.allocate(network, `server ${i}`);
        expect(hosts.check(port.ip)).toBe(true);
        expect(port.mac).toMatch(/^fa:16:3e(:[0-9a-f]{2}){3}$/);
        expect(service.allocate(network, `server ${i}`)).toEqual(port);
      }
    },
  );

  it('give a server another port on each network, and each server another one', () => {
    const seeds = Array.from({ length: 100 }, (_, i) => `server ${i}`);
    const ports = NETWORKS.flatMap((network) => seeds.map((seed) => service.allocate(network, seed).portId));
    expect(new Set(ports).size).toBe(200);
  });
});
