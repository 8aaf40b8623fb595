import { isUuid } from '../../openstack/uuid.js';
import { eachLimited } from './observation/each-limited.js';
import { NovaSlow, NovaUnavailable } from './reader/nova-reader.errors.js';
import type { NovaReader } from './reader/nova-reader.js';
import { fields, list } from './reader/nova-views.js';

/** Questions at the same time: half of the reader's connections, since nobody waits for this answer. */
const CONCURRENCY = 2;

/** Shows a server in a cell that is down as well, with what little is known of it (2.69). */
const MICROVERSION = 84;

/**
 * Which of some servers exist, or may exist: a Nova that does not answer, or answers something else, has not said that
 * a server is gone.
 *
 * @param signal ends the asking; what was not asked about then may exist
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
 * Two answers make it a fact. Nova shows other projects' servers only to whom it takes for an administrator, and answers
 * 404 to others (`project_only` of nova/db/main/api.py); the list of all projects is then refused, or has the server.
 * But a list leaves out, without a word, what is in a cell that is down or was deleted softly.
 */
async function isGone(reader: Pick<NovaReader, 'get'>, id: string): Promise<boolean> {
  // What Nova has never given as an id would be another question.
  if (!isUuid(id)) return false;
  const listed = await reader.get(`/v2.1/servers?all_tenants=1&uuid=${id}`, MICROVERSION);
  const servers = fields(listed.body)['servers'];
  if (listed.status !== 200 || !Array.isArray(servers) || list(servers).length > 0) return false;
  return (await reader.get(`/v2.1/servers/${id}`, MICROVERSION)).status === 404;
}
