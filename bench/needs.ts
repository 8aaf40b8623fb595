import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { select } from './databases.js';
import { DIST } from './built.js';
import type { Need } from './candidates.js';
import { REDIS_URL } from './handlers.js';
import { installPeers } from './peers.js';

/** Why something that is needed is not there; `null` when it is. */
const WHY_NOT: Record<Need, () => Promise<string | null> | string | null> = {
  mariadb: () =>
    select('SELECT 1').then(
      () => null,
      (error: { code?: string; message: string }) =>
        `MariaDB does not answer (${error.code ?? error.message})`,
    ),
  redis: whyNoRedis,
  peers: () => {
    const reason = installPeers();
    return reason === null ? null : `the peers are not there: ${reason}`;
  },
  workers: () => (hasSetting('WORKERS') ? null : 'this build has no setting WORKERS'),
};

/** Says of some needs which cannot be met, and why. Each is tried once. */
export async function unmetNeeds(needs: Iterable<Need>): Promise<Map<Need, string>> {
  const unmet = new Map<Need, string>();
  for (const need of new Set(needs)) {
    const reason = await WHY_NOT[need]();
    if (reason !== null) unmet.set(need, reason);
  }
  return unmet;
}

function hasSetting(name: string): boolean {
  const folder = join(DIST, 'config');
  return readdirSync(folder).some(
    (file) =>
      file.endsWith('.js') && new RegExp(`\\b${name}\\b`).test(readFileSync(join(folder, file), 'utf8')),
  );
}

async function whyNoRedis(): Promise<string | null> {
  const { hostname, port } = new URL(REDIS_URL);
  const socket = connect(Number(port || 6379), hostname);
  try {
    await once(socket, 'connect');
    return null;
  } catch {
    return `no Redis answers at ${hostname}`;
  } finally {
    socket.destroy();
  }
}
