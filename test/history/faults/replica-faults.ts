import type { Replica } from '../grounds/replica.js';
import type { Lane } from './fault.js';

/** Server processes that are killed or stand still. */
export function replicaLane(replicas: readonly Replica[]): Lane {
  const targets = replicas.map(({ number }) => number);
  const at = (number: number) => replicas.find((replica) => replica.number === number) as Replica;
  return {
    name: 'replicas',
    pauses: [1_000, 8_000],
    faults: [
      {
        name: 'kill -9 of replica',
        targets,
        lasts: [100, 3_000],
        begin: (number) => at(number).kill(),
        end: (number) => at(number).start(),
      },
      {
        name: 'freeze of replica',
        targets,
        lasts: [500, 9_000],
        begin: (number) => at(number).freeze(),
        end: (number) => at(number).thaw(),
      },
    ],
  };
}
