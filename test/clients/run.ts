import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isAsWanted } from './cell.js';
import { type ClientName, CLIENTS } from './clients.js';
import { debianVersion, type Equipment, equipmentOf } from './equipment.js';
import { Ground, whyNoGround } from './ground.js';
import { playAll } from './lanes.js';
import { type Matrix, page } from './report.js';
import { SETTINGS, type SettingName } from './settings.js';
import { TROUBLES, type TroubleName } from './troubles.js';

const PAGE = join(import.meta.dirname, '../../docs/clients-matrix.md');

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

/** Plays what was chosen, as far as this machine can; `null` when it cannot play at all. */
async function run(folder: string): Promise<Matrix | null> {
  const missing = await whyNoGround();
  if (missing !== null) console.log(`left out: everything: ${missing}`);
  const present = missing === null ? await equipmentOf(clients, folder) : new Map<ClientName, Equipment>();
  if (present.size === 0) return null;
  const ground = await Ground.make();
  try {
    const plan = { clients: present, settings, troubles, showsWire: values.wire };
    const cells = await playAll(plan, ground);
    return { clients: [...present.keys()], settings, troubles, cells, versions: versions(present) };
  } finally {
    await ground.close();
  }
}

function versions(present: Map<ClientName, Equipment>): Map<string, string> {
  const others = [
    ['keystoneauth1', 'python3-keystoneauth1'],
    ['Nova', 'nova-api'],
    ['Keystone', 'keystone'],
  ] as const;
  return new Map([
    ...[...present].map(([name, { version }]) => [CLIENTS[name].title, version] as const),
    ...others.map(([title, name]) => [title, debianVersion(name) ?? 'of another machine'] as const),
  ]);
}

const folder = mkdtempSync(join(tmpdir(), 'tasktag-clients-'));
const matrix = await run(folder).finally(() => rmSync(folder, { recursive: true }));
if (matrix !== null) {
  const isWhole = [values.client, values.setting, values.trouble].every((part) => part === undefined);
  if (isWhole && matrix.clients.length === clients.length) writeFileSync(PAGE, page(matrix));
  else console.log(page(matrix));
  const wrong = matrix.cells.filter((cell) => !isAsWanted(cell)).length;
  console.log(`${matrix.cells.length - wrong} passed, ${wrong} failed`);
  if (wrong > 0) process.exitCode = 1;
}
