/** Something that can be broken and mended. */
export interface Fault {
  name: string;
  /** What may be broken: the numbers of replicas, or of nodes. */
  targets: readonly number[];
  /** How long it stays so, in milliseconds: the least and the most. */
  lasts: readonly [number, number];
  begin: (target: number) => Promise<void> | void;
  /** Mends it, and waits until it is mended. */
  end: (target: number) => Promise<void> | void;
}

/** Faults of which only one is there at a time, such as those of a cluster that needs two of three nodes. */
export interface Lane {
  name: string;
  /** How long it is whole in between, in milliseconds: the least and the most. */
  pauses: readonly [number, number];
  faults: readonly Fault[];
}
