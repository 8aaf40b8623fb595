import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../../identity/caller.js';
import { parseDateTime } from '../../../openstack/date-time.js';
import { BadRequest } from '../../../openstack/faults.js';
import type { Microversion } from '../../../openstack/microversion.js';
import { type Page, pageOf } from '../../../openstack/paging.js';
import { queryOf } from '../../../openstack/query.js';
import { queryPairs, splitUrl } from '../../../url/percent-encoding.js';
import type { EmbeddedServer } from './server.entity.js';
import { filtersOf } from './server-list.filters.js';
import { sorted } from './server-list.order.js';

/** What a request for a list of servers asks for. */
export interface ServerListQuery {
  allProjects: boolean;
  withDeleted: boolean;
  /** The page that is asked for, of all those servers in the default order. */
  select: (servers: EmbeddedServer[]) => Page<EmbeddedServer>;
}

/** Reads the query of `GET /servers` (nova/api/openstack/compute/servers.py, `_get_servers`). */
export function readServerListQuery(
  request: FastifyRequest,
  version: Microversion,
  { isAdmin }: Caller,
): ServerListQuery {
  const query = queryOf(request);
  if (query.has('metadata')) throw new BadRequest('Invalid filter field: metadata.');
  const changesSince = timeOf(query.get('changes-since'));
  const filters = filtersOf(query, version, changesSince);
  return {
    allProjects: isTrue(query.get('all_tenants')),
    withDeleted: changesSince !== null || (isAdmin && isTrue(query.get('deleted'))),
    select: (servers) => {
      const ordered = sorted(servers, valuesOf(request, 'sort_key'), valuesOf(request, 'sort_dir'));
      const found = ordered.filter((server) => filters.every((filter) => filter(server)));
      const notFound = (marker: string) => new BadRequest(`marker [${marker}] not found`);
      return pageOf(found, query, ({ id }) => id, notFound);
    },
  };
}

function valuesOf(request: FastifyRequest, name: string): string[] {
  const [, query] = splitUrl(request.originalUrl);
  return queryPairs(query).flatMap(([key, value]) => (key === name ? [value] : []));
}

function timeOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const time = parseDateTime(text);
  if (time === null) {
    throw new BadRequest(
      `Invalid input for query parameters changes-since. Value: ${text}. '${text}' is not a 'date-time'`,
    );
  }
  return time;
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && ['1', 't', 'true', 'on', 'y', 'yes', ''].includes(text.toLowerCase());
}
