/** A size of servers. */
export interface Flavor {
  id: string;
  name: string;
  vcpus: number;
  /** Memory in mebibytes. */
  ram: number;
  /** Root disk in gibibytes. */
  disk: number;
}

/** The flavors that every Nova once came with. */
export const FLAVORS: readonly Flavor[] = [
  { id: '1', name: 'm1.tiny', vcpus: 1, ram: 512, disk: 1 },
  { id: '2', name: 'm1.small', vcpus: 1, ram: 2048, disk: 20 },
  { id: '3', name: 'm1.medium', vcpus: 2, ram: 4096, disk: 40 },
  { id: '4', name: 'm1.large', vcpus: 4, ram: 8192, disk: 80 },
  { id: '5', name: 'm1.xlarge', vcpus: 8, ram: 16384, disk: 160 },
];

/** The flavor with an id; `null` if there is none. Clients resolve names, as in Nova. */
export function findFlavor(id: string): Flavor | null {
  return FLAVORS.find((flavor) => flavor.id === id) ?? null;
}
