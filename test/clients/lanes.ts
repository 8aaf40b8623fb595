import { type Cell, isAsWanted, playCell } from './cell.js';
import { type Client, type ClientName, CLIENTS } from './clients.js';
import type { Equipment } from './equipment.js';
import { Gateway } from './gateway.js';
import type { Ground } from './ground.js';
import type { Player } from './player.js';
import { Program } from './program.js';
import { inACell } from './report.js';
import { SETTINGS, type SettingName } from './settings.js';
import type { TroubleName } from './troubles.js';

/** Clients at work at once: more of them only wait for each other on two cores. */
const LANES = 3;

/** What is to be played. */
export interface Plan {
  clients: Map<ClientName, Equipment>;
  settings: SettingName[];
  troubles: TroubleName[];
  /** Whether each cell shows what came by, and not only one that is not as wanted. */
  showsWire: boolean;
}

/** Plays all cells of a plan. Some clients are at work at once, each in one cell after the other. */
export async function playAll(plan: Plan, ground: Ground): Promise<Cell[]> {
  const waiting = [...plan.clients];
  const cells: Cell[] = [];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      cells.push(...(await playClient(...next, plan, ground)));
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const end of lanes) if (end.status === 'rejected') throw end.reason;
  return cells;
}

async function playClient(
  name: ClientName,
  { command }: Equipment,
  { settings, troubles, showsWire }: Plan,
  ground: Ground,
): Promise<Cell[]> {
  const client: Client = CLIENTS[name];
  const corner = await ground.corner(name);
  let player: Player;
  if (command === null) player = await corner.heat(client.play === 'heat with the plugin');
  else player = new Program(command, await corner.environment());
  const cells: Cell[] = [];
  try {
    for (const setting of settings) {
      const gateway = await Gateway.start(SETTINGS[setting], ground.novaSide);
      const lane = { name, client, player, corner, gateway, novaSide: ground.novaSide };
      try {
        for (const trouble of troubles) {
          const cell = await playCell(lane, setting, trouble);
          cells.push(cell);
          console.log(`${name}, ${setting}, ${trouble}: ${inACell(cell)}`);
          if (showsWire || !isAsWanted(cell)) for (const line of cell.wire) console.log(`    ${line}`);
        }
      } finally {
        await gateway.close();
      }
    }
  } finally {
    await player.close();
  }
  return cells;
}
