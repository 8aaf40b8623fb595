import type { ChildProcess } from 'node:child_process';
import type { CaseName } from '../gateway/cases.js';
import { measureRounds, type RoundsResult, type Sample } from '../gateway/rounds.js';
import { startBareProxy, startGateway, startLoad, startStandIns } from '../gateway/servers.js';
import { unmetNeeds } from '../needs.js';
import { stop } from '../pinned.js';
import { atMost, type Findings, median, type Row, spread, type Target } from '../report/row.js';
import type { Length } from '../rounds.js';
import type { Stage } from '../stage.js';

/** What is compared with the same at the proxy, in CPU time of a request. */
const COMPARED: { id: string; case: CaseName; ours: string; target: Target }[] = [
  { id: 'gateway-get-cpu', case: 'read', ours: 'gateway, GET with log lines', target: atMost(0.7) },
  { id: 'gateway-put-cpu', case: 'update', ours: 'gateway, PUT with log lines', target: atMost(0.7) },
  { id: 'gateway-create-cpu', case: 'create', ours: 'gateway, tagged create', target: atMost(2.5) },
];

/** What follows a create, beside the create at the proxy. */
const END_ID = 'gateway-end-cpu';

/** The rows that it gives. */
export const GATEWAY_IDS = [...COMPARED.map(({ id }) => id), END_ID];

/** Seconds of a window: `bench:gateway` has longer ones, and more of them. */
const SECONDS = 1;

/** The gateway beside a bare proxy, as `bench:gateway` measures it, in short. */
export async function measureGateway(stage: Stage, { rounds }: Length): Promise<Findings> {
  const [reason] = (await unmetNeeds(['mariadb'])).values();
  if (reason !== undefined)
    return { rows: [], leftOut: GATEWAY_IDS.map((id) => `${id}: ${reason}`), details: [] };
  const started: ChildProcess[] = [];
  try {
    console.log('gateway: beside a bare proxy, with log lines');
    const load = startLoad(started);
    const standIns = await startStandIns(started);
    const proxy = await startBareProxy(standIns, started);
    // A Nova of its own: a gateway lists whatever servers there are.
    const own = await startStandIns(started);
    const gateway = await startGateway('info', (await stage.database('mariadb')).url, own, started);
    const servers = Object.fromEntries(COMPARED.map((one) => [one.case, [proxy, gateway]]));
    // Twice as many: few creates fit into a window, and their ratios lie far apart.
    const result = await measureRounds({
      load,
      servers,
      gateways: [gateway],
      rounds: 2 * rounds,
      seconds: SECONDS,
    });
    return { rows: rowsOf(result, gateway.name, proxy.name), leftOut: [], details: [] };
  } finally {
    for (const child of started) await stop(child);
  }
}

function rowsOf({ samples, lookMicros }: RoundsResult, gateway: string, proxy: string): Row[] {
  const micros = (name: CaseName, server: string) =>
    samples.filter((sample) => sample.case === name && sample.server === server).map(microsOf);
  const row = (id: string, ours: string, own: number[], of: CaseName, target: Target | null): Row => {
    const others = micros(of, proxy);
    return {
      id,
      ours,
      against: 'bare @fastify/reply-from',
      figure: 'CPU',
      unit: '×',
      ...spread(own.map((value, round) => value / (others[round] as number))),
      absolute: [inMicros(own), inMicros(others)],
      target,
      isSteady: true,
      isMoreBetter: false,
    };
  };
  return [
    ...COMPARED.map((one) => row(one.id, one.ours, micros(one.case, gateway), one.case, one.target)),
    row(END_ID, 'gateway, finding out the end of a create', lookMicros.get(gateway) ?? [], 'create', null),
  ];
}

const microsOf = ({ serverCpu, answers }: Sample) => (serverCpu / answers) * 1e6;
const inMicros = (values: number[]) => `${median(values).toFixed(0)} µs`;
