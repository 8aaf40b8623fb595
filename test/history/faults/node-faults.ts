import type { GaleraLab } from '../grounds/galera-lab.js';
import type { Fault, Lane } from './fault.js';

const NODES = [1, 2, 3];

/** One node of a cluster at a time: the other two stay a majority. */
export function nodeLane(lab: GaleraLab, othersWork: string): Lane {
  const fault = (name: string, lasts: Fault['lasts'], begin: string, end: string): Fault => ({
    name: `${name} of node`,
    targets: NODES,
    lasts,
    begin: async (node) => void (await lab.command(begin, String(node))),
    end: async (node) => {
      // A node may have ended by itself meanwhile.
      await lab.command(end, String(node)).catch(() => undefined);
      await lab.whole();
    },
  });
  return {
    name: 'nodes',
    pauses: [1_000, 8_000],
    faults: [
      fault('kill -9', [500, 6_000], 'kill', 'start'),
      fault('freeze', [1_000, 12_000], 'freeze', 'thaw'),
      fault('isolation', [1_000, 12_000], 'isolate', 'join'),
      fault('stop', [500, 4_000], 'stop', 'start'),
      {
        name: 'large transaction of others at node',
        targets: NODES,
        lasts: [0, 500],
        begin: async (node) => void (await lab.command('sql', String(node), othersWork)),
        end: () => undefined,
      },
    ],
  };
}
