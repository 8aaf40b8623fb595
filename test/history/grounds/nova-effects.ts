import type { Lab } from '../../support/openstack/gateway.js';
import type { LabUser } from '../../support/openstack/lab-user.js';
import { until } from '../../support/until.js';
import type { EffectEntry } from '../journal/entries.js';
import type { Journal } from '../journal/journal.js';

const ADMIN = { user: 'admin', project: 'admin' };

/** How long Nova may take to do what it has accepted, in milliseconds. */
const QUIET_MS = 60_000;

/** Nova's times are whole seconds, rounded down. */
const SECOND_MS = 1000;

/** What Nova did for a user: its servers, the deleted ones too, and the actions that Nova recorded of each. */
export async function novaEffects(lab: Lab, user: LabUser, journal: Journal): Promise<EffectEntry[]> {
  const servers = await until(
    'Nova to have done everything',
    async () => {
      const all = [...(await user.servers()), ...(await user.servers('&deleted=true'))];
      return all.every((server) => server['OS-EXT-STS:task_state'] === null) && all;
    },
    QUIET_MS,
  );
  const effects = new Map<string, EffectEntry>();
  for (const { id: server, name, created } of servers) {
    const begunBy = journal.at(Date.parse(created as string) + SECOND_MS);
    effects.set(server as string, {
      is: 'effect',
      id: server,
      action: 'create',
      server,
      name,
      task: null,
      begunBy,
    });
    const call = await lab.call({ version: '2.60' }, ADMIN);
    const { json } = await lab.nova.get(`/v2.1/servers/${server}/os-instance-actions`, call);
    for (const { action, request_id: request } of json.instanceActions) {
      if (action === 'create') continue;
      const id = `${server} ${action} ${request}`;
      effects.set(id, { is: 'effect', id, action, server, name, task: null, begunBy: null });
    }
  }
  return [...effects.values()];
}
