import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWire } from '../history/clients/wire.js';
import { gatewayGround } from '../history/grounds/gateway-ground.js';
import { runHistory } from '../history/run-history.js';

/** HISTORY_SEED tries other choices, HISTORY_SECONDS more of them. */
const SEED = Number(process.env['HISTORY_SEED'] ?? 13);
const SECONDS = Number(process.env['HISTORY_SECONDS'] ?? 20);

it('two gateways keep what they promise while they are killed and frozen, and what Nova says is lost', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tasktag-history-'));
  const ground = await gatewayGround();
  try {
    const path = join(folder, 'gateway.jsonl');
    const { violations, report } = await runHistory(ground, {
      seed: SEED,
      seconds: SECONDS,
      clients: 6,
      path,
    });
    if (violations.length > 0) throw new Error(report);
    expect(report).toMatch(/^faults {6}\d/m);
    expect(report).toMatch(/^in the cloud \d+ create/m);
  } finally {
    await ground.close();
    closeWire();
    rmSync(folder, { recursive: true });
  }
}, 600_000);
