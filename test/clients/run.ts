import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Cell, isAsWanted, playCell } from './cell.js';
import {
  type Client,
  type ClientName,
  CLIENTS,
  debianVersion,
  type ProgramSource,
  versionOf,
} from './clients.js';
import { Ground, whyNoGround } from './ground.js';
import { Program } from './program.js';
import { inACell, type Matrix, page } from './report.js';
import { SETTINGS, type SettingName } from './settings.js';
import { TROUBLES, type TroubleName } from './troubles.js';

const PAGE = join(import.meta.dirname, '../../docs/clients-matrix.md');

/** Clients at work at once: more of them only wait for each other on two cores. */
const LANES = 3;

const { values } = parseArgs({
  options: {
    client: { type: 'string' },
    setting: { type: 'string' },
    trouble: { type: 'string' },
    wire: { type: 'boolean', default: false },
  },
});

const clients = chosen<ClientName>('client', CLIENTS);
const settings = chosen<SettingName>('setting', SETTINGS);
const troubles = chosen<TroubleName>('trouble', TROUBLES);

/** The names of an option, or all. */
function chosen<Name extends string>(option: 'client' | 'setting' | 'trouble', all: object): Name[] {
  const names = values[option]?.split(',') ?? Object.keys(all);
  const unknown = names.find((name) => !(name in all));
  if (unknown === undefined) return names as Name[];
  throw new Error(`--${option} ${unknown}: there are ${Object.keys(all).join(', ')}`);
}

/** Plays all cells of one client, one after the other. */
async function playAll(name: ClientName, ground: Ground, folder: string): Promise<Cell[]> {
  const client: Client = CLIENTS[name];
  const { way, region } = await ground.way(name);
  const player =
    typeof client.play === 'string'
      ? await ground.heat(region, client.play === 'heat with the plugin')
      : await prepared(client.play.prepare(join(folder, name)), await ground.environment(region));
  const cells: Cell[] = [];
  try {
    for (const setting of settings)
      for (const trouble of troubles) {
        const cell = await playCell({ name, client, player, way, ground }, setting, trouble);
        cells.push(cell);
        console.log(`${name}, ${setting}, ${trouble}: ${inACell(cell)}`);
        if (values.wire || !isAsWanted(cell)) for (const line of cell.wire) console.log(`    ${line}`);
      }
  } finally {
    await player.close();
    await way.close();
  }
  return cells;
}

async function prepared(program: ReturnType<ProgramSource['prepare']>, environment: Record<string, string>) {
  const { command, environment: more } = await program;
  return new Program(command, { ...environment, ...more });
}

/** Plays the clients, some at once, each as soon as there is room. */
async function playClients(names: ClientName[], ground: Ground, folder: string): Promise<Cell[]> {
  const waiting = [...names];
  const cells: Cell[] = [];
  const lane = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      cells.push(...(await playAll(name, ground, folder)));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return cells;
}

/** Those that this machine has, with their versions; the others are named, with what they need. */
function present(): Map<ClientName, string> {
  const versions = new Map<ClientName, string>();
  for (const name of clients)
    try {
      versions.set(name, versionOf(CLIENTS[name]));
    } catch (error) {
      console.log(`left out: ${name}: ${(error as Error).message}`);
    }
  return versions;
}

async function run(): Promise<Matrix | null> {
  const missing = await whyNoGround();
  if (missing !== null) {
    console.log(`left out: everything: ${missing}`);
    return null;
  }
  const versions = present();
  const folder = mkdtempSync(join(tmpdir(), 'tasktag-clients-'));
  const ground = await Ground.make(settings);
  try {
    const names = [...versions.keys()];
    const cells = await playClients(names, ground, folder);
    const all = new Map([
      ...names.map((name) => [CLIENTS[name].title, versions.get(name) as string] as const),
      ['keystoneauth1', debianVersion('python3-keystoneauth1') as string],
      ['Nova', debianVersion('nova-api') as string],
      ['Keystone', debianVersion('keystone') as string],
    ]);
    return { clients: names, settings, troubles, cells, versions: [...all] };
  } finally {
    await ground.close();
    rmSync(folder, { recursive: true });
  }
}

const matrix = await run();
if (matrix !== null) {
  const isWhole = [values.client, values.setting, values.trouble].every((part) => part === undefined);
  if (isWhole && matrix.clients.length === clients.length) writeFileSync(PAGE, page(matrix));
  else console.log(page(matrix));
  const wrong = matrix.cells.filter((cell) => !isAsWanted(cell)).length;
  console.log(`${matrix.cells.length - wrong} passed, ${wrong} failed`);
  if (wrong > 0) process.exitCode = 1;
}
