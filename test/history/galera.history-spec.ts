import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWire } from './clients/wire.js';
import { galeraGround } from './grounds/galera-ground.js';
import type { Ground } from './grounds/ground.js';
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

  function run(ground: Ground, name: string, options: Partial<RunOptions>): Promise<RunResult> {
    const path = join(folder, `${name}.jsonl`);
    return runHistory(ground, { seed: SEED, seconds: SECONDS, clients: CLIENTS, path, ...options });
  }

  it('keep what they promise while nodes and servers are killed, frozen and cut off', async () => {
    const ground = await galeraGround();
    try {
      const { violations, report } = await run(ground, 'faults', {});
      if (violations.length > 0) throw new Error(report);
      expect(report).toMatch(/^faults {6}\d/m);
      expect(report).toMatch(/^in the cloud \d+ create/m);
    } finally {
      await ground.close();
    }
  }, 600_000);

  // What the run above is worth. Each of these has other tags, so what the others left behind says nothing of it.
  describe('are found out when nothing breaks, but there is a fault that no promise allows:', () => {
    let ground: Ground;
    beforeAll(async () => {
      ground = await galeraGround();
    }, 120_000);
    afterAll(() => ground.close(), 60_000);

    it.each<[Plant, number, string[]]>([
      ['false 404', 1, ['accepted is found']],
      ['another tag', 2, ['one effect']],
      ['lost record', 3, ['accepted is found', 'effect is recorded']],
    ])(
      '%s',
      async (plant, seed, properties) => {
        const { violations } = await run(ground, plant, { plant, seed, seconds: 8, hasFaults: false });
        const broken = new Set(violations.map(({ property }) => property));
        expect([...broken]).toEqual(expect.arrayContaining(properties));
      },
      180_000,
    );
  });
});
