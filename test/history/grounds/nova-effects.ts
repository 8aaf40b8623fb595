import type { Lab } from '../../support/gateway.js';
import type { LabUser } from '../../support/lab-user.js';
import { until } from '../../support/until.js';
import type { EffectEntry } from '../journal/entries.js';

const ADMIN = { user: 'admin', project: 'admin' };

/** How long Nova may take to do what it has accepted, in milliseconds. */
const QUIET_MS = 60_000;

/** What Nova did for a user: its servers, the deleted ones too, and the actions that Nova recorded of each. */
export async function novaEffects(lab: Lab, user: LabUser): Promise<EffectEntry[]> {
  const servers = await until(
    'Nova to have done everything',
    async () => {
      const all = [...(await user.servers()), ...(await user.servers('&deleted=true'))];
      return all.every((server) => server['OS-EXT-STS:task_state'] === null) && all;
    },
    QUIET_MS,
  );
  const names = new Map<string, string>(servers.map(({ id, name }) => [id, name]));
  const effects: EffectEntry[] = [];
  for (const [id, name] of names) {
    const call = await lab.call({ version: '2.60' }, ADMIN);
    const { json } = await lab.nova.get(`/v2.1/servers/${id}/os-instance-actions`, call);
    for (const { action, request_id: request } of json.instanceActions) {
      const own = action === 'create' ? id : `${id} ${request}`;
      effects.push({ is: 'effect', id: own, action, server: id, name, task: null });
    }
    if (!effects.some(({ server, action }) => server === id && action === 'create'))
      effects.push({ is: 'effect', id, action: 'create', server: id, name, task: null });
  }
  return effects;
}
