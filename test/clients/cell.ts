import { until } from '../support/until.js';
import type { Client } from './clients.js';
import type { Corner } from './corner.js';
import type { Gateway } from './gateway.js';
import type { NovaSide } from './nova-side.js';
import type { End, Player } from './player.js';
import { SETTINGS, type SettingName } from './settings.js';
import { TROUBLES, type TroubleName } from './troubles.js';
import type { Wire } from './way.js';

/** Seconds: Nova needs one, and a busy machine some more. */
const PATIENCE = 8;

/** How often a cell is played that could not be played to its end, such as when Heat's own messages take too long. */
const ATTEMPTS = 2;

/** Where a cell is in the matrix. */
export interface Place {
  client: string;
  setting: SettingName;
  trouble: TroubleName;
}

/** One run of the client. */
export interface Step {
  end: End;
  /** Servers in Nova when all was quiet again. */
  servers: number;
  /** How often the client has sent the create. */
  sent: number;
}

export interface Cell extends Place {
  /** Why there is no such cell. */
  none: string | null;
  /** The first run, and the second one if the first one was no success. */
  steps: Step[];
  /** How the delete ended. */
  removed: End | null;
  wire: Wire;
}

/** What plays cells: a client on its way to a gateway. */
export interface Lane {
  name: string;
  client: Client;
  player: Player;
  corner: Corner;
  gateway: Gateway;
  novaSide: NovaSide;
}

/** Plays one cell. What goes wrong with the playing itself is the end of it. */
export async function playCell(lane: Lane, setting: SettingName, trouble: TroubleName): Promise<Cell> {
  const place = { client: lane.name, setting, trouble };
  const cell: Cell = { ...place, none: whyNone(lane.client, place), steps: [], removed: null, wire: [] };
  for (let attempt = 1; cell.none === null && attempt <= ATTEMPTS; attempt += 1)
    try {
      cell.steps = [];
      await play(lane, cell, attempt);
      break;
    } catch (error) {
      cell.steps = [{ end: `not played: ${(error as Error).message}`, servers: NaN, sent: 0 }];
    }
  cell.wire = [...lane.corner.way.wire];
  return cell;
}

/** Creates a server under a trouble, creates it again after an error, counts, and deletes. */
async function play(
  { name: client, client: { play }, corner, gateway, novaSide, player }: Lane,
  cell: Cell,
  attempt: number,
): Promise<void> {
  const { setting, trouble } = cell;
  const { way } = corner;
  const name = `m${process.pid}-${client}-${setting}-${trouble}-${attempt}`;
  const order = {
    name,
    tag: SETTINGS[setting].isTagged ? `tag of ${name}` : undefined,
    timeout: trouble === 'timeout' ? PATIENCE : undefined,
  };
  const killClient = () => player.kill();
  way.lead({ gateway, name, trouble: TROUBLES[trouble], killClient });
  const quiet = () =>
    until('all requests to be answered', () => way.open === 0 && !novaSide.isBusyWith(name), 60_000);
  const step = async (end: End) => {
    if (end !== 'ok' && player.message !== undefined) way.wire.push(`${end}: ${player.message}`);
    await quiet();
    const before = cell.steps.reduce((sum, { sent }) => sum + sent, 0);
    cell.steps.push({ end, servers: await corner.count(name), sent: way.creates - before });
    return end;
  };
  let end = await step(await player.create(order));
  if (end !== 'ok') end = await step(await player.again(order));
  // Heat deletes a stack in any state; a program ends with its error.
  if (end === 'ok' || typeof play === 'string') cell.removed = await player.remove();
  await quiet();
  await corner.clear(name);
}

/**
 * Whether it is what a user wants, wherever the gateway can know: one server, and a client that has it in the end, at
 * once if it has asked more than once.
 */
export function isAsWanted({ none, steps, removed, setting, trouble }: Cell): boolean {
  if (none !== null) return true;
  if (steps.some(({ servers }) => Number.isNaN(servers))) return false;
  const isPromised = setting !== 'nothing' && (setting !== 'lost' || TROUBLES[trouble].isKnown);
  if (!isPromised) return true;
  const gaveUp = steps.slice(0, -1).some(({ sent, end }) => sent > 1 && end !== 'killed');
  const last = steps.at(-1);
  return !gaveUp && last?.end === 'ok' && last.servers === 1 && removed === 'ok';
}

function whyNone({ whyNoTag, whyNoTimeout }: Client, { setting, trouble }: Place): string | null {
  if (SETTINGS[setting].isTagged && whyNoTag !== null) return whyNoTag;
  if (trouble === 'timeout' && whyNoTimeout !== null) return whyNoTimeout;
  return null;
}
