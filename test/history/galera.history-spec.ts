import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWire } from './clients/wire.js';
import { galeraGround } from './grounds/galera-ground.js';
import { GaleraLab } from './grounds/galera-lab.js';
import { type Plant } from './plants/plants.js';
import { runHistory, type RunOptions, type RunResult } from './run-history.js';

/** HISTORY_SEED tries other choices, HISTORY_SECONDS more of them. */
const SEED = Number(process.env['HISTORY_SEED'] ?? 13);
const SECONDS = Number(process.env['HISTORY_SECONDS'] ?? 40);

const CLIENTS = 16;

describe('three servers at the three nodes of a Galera cluster', () => {
  const lab = GaleraLab.own;
  let wasRunning: boolean;
  let folder: string;
  beforeAll(async () => {
    wasRunning = await lab.isRunning();
    folder = mkdtempSync(join(tmpdir(), 'tasktag-history-'));
    await lab.up();
  }, 180_000);
  afterAll(async () => {
    closeWire();
    if (!wasRunning) await lab.command('purge');
    rmSync(folder, { recursive: true });
  }, 120_000);

  async function run(name: string, options: Partial<RunOptions>): Promise<RunResult> {
    const ground = await galeraGround();
    try {
      const path = join(folder, `${name}.jsonl`);
      return await runHistory(ground, { seed: SEED, seconds: SECONDS, clients: CLIENTS, path, ...options });
    } finally {
      await ground.close();
    }
  }

  it('keep what they promise while nodes and servers are killed, frozen and cut off', async () => {
    const { violations, report } = await run('faults', {});
    if (violations.length > 0) throw new Error(report);
    expect(report).toMatch(/^faults {6}\d/m);
    expect(report).toMatch(/^in the cloud \d+ create/m);
  }, 600_000);

  // What the run above is worth: nothing breaks but the one thing that is planted.
  it.each<[Plant, string[]]>([
    ['false 404', ['accepted is found']],
    ['another tag', ['one effect']],
    ['lost record', ['accepted is found', 'one effect']],
  ])(
    'are found out when there is a fault that no promise allows: %s',
    async (plant, properties) => {
      const { violations } = await run(plant, { plant, seconds: 8, hasFaults: false });
      const broken = violations.map(({ property }) => property);
      expect(broken).toEqual(expect.arrayContaining(properties));
    },
    180_000,
  );
});
