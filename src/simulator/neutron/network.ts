/** A network that servers can be attached to. */
export interface Network {
  id: string;
  name: string;
  /** Whether it leads out of the cloud. */
  isExternal: boolean;
  subnet: Subnet;
}

/** The one subnet of a network: IPv4. */
export interface Subnet {
  id: string;
  name: string;
  /** First address, as a number. */
  base: number;
  /** Length of the prefix, in bits. */
  prefixLength: number;
}

/** The project that the networks belong to; all projects share them. */
export const OWNER = 'admin';

/** The networks that all projects have. Servers go to the first one by default. */
export const NETWORKS: readonly [Network, ...Network[]] = [
  {
    id: '1f6ee7e5-4d4c-4c86-8f0b-3a1f7f2ac1d1',
    name: 'private',
    isExternal: false,
    subnet: {
      id: '5c6a1bfa-68c1-4b7c-9a8e-0f6d3f0d3a52',
      name: 'private-subnet',
      base: 0x0a000000, // 10.0.0.0
      prefixLength: 8,
    },
  },
  {
    id: '8d2b8a0e-5b0f-4f0e-9c57-6b6f0f1f5e77',
    name: 'public',
    isExternal: true,
    subnet: {
      id: 'c2a7e0f4-33de-4e0b-8e53-12b5f5a0c9e4',
      name: 'public-subnet',
      base: 0xc6120000, // 198.18.0.0, which RFC 2544 sets aside for tests
      prefixLength: 15,
    },
  },
];

/** The n-th address of a subnet, in dotted form; the first one is the gateway's, by custom. */
export function address({ base }: Subnet, n: number): string {
  const number = base + n;
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join('.');
}

/** How many addresses a subnet has, with those of the network, the gateway and the broadcast. */
export function addressCount({ prefixLength }: Subnet): number {
  return 2 ** (32 - prefixLength);
}
