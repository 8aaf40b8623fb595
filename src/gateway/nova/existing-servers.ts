import { isUuid } from '../../openstack/uuid.js';
import { eachLimited } from './observation/each-limited.js';
import { NovaSlow, NovaUnavailable } from './reader/nova-reader.errors.js';
import type { NovaReader } from './reader/nova-reader.js';
import { fields, list } from './reader/nova-views.js';

/** Simultaneous look-ups: half of the reader's connections, since no client waits for the result. */
const CONCURRENCY = 2;

/** Also shows a server in a cell that is down, with the few facts known about it (2.69). */
const MICROVERSION = 84;

/**
 * The servers that exist, or may exist. A Nova that does not answer, or answers something else, has not said that a
 * server is gone.
 *
 * @param signal ends the look-ups; servers not yet looked up may exist
 */
export async function existingServers(
  reader: Pick<NovaReader, 'get'>,
  ids: string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const existing = new Set(ids);
  let isUnavailable = false;
  await eachLimited(CONCURRENCY, [...existing], async (id) => {
    if (isUnavailable || signal.aborted) return;
    try {
      if (await isGone(reader, id)) existing.delete(id);
    } catch (error) {
      if (error instanceof NovaUnavailable) isUnavailable = true;
      else if (!(error instanceof NovaSlow)) throw error;
    }
  });
  return existing;
}

/**
 * Two answers make it a fact. Nova shows other projects' servers only to administrators, and answers 404 to other users
 * (`project_only` of nova/db/main/api.py); the list of all projects is then refused, or contains the server. But that
 * list silently omits servers in a cell that is down, and those that were soft-deleted.
 */
async function isGone(reader: Pick<NovaReader, 'get'>, id: string): Promise<boolean> {
  // An id in a form that Nova never gives would make a different question.
  if (!isUuid(id)) return false;
  const listed = await reader.get(`/v2.1/servers?all_tenants=1&uuid=${id}`, MICROVERSION);
  const servers = fields(listed.body)['servers'];
  if (listed.status !== 200 || !Array.isArray(servers) || list(servers).length > 0) return false;
  return (await reader.get(`/v2.1/servers/${id}`, MICROVERSION)).status === 404;
}
