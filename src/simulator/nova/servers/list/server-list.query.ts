import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../../../identity/caller.js';
import { parseDateTime } from '../../../../openstack/date-time.js';
import { BadRequest, Forbidden } from '../../../../openstack/faults.js';
import type { Microversion } from '../../../../openstack/microversion.js';
import { assertQuery } from '../../../json-schema/json-schema.js';
import { readBoolean, strictBoolean } from '../../../query/booleans.js';
import { type ListPage, pageOf } from '../../../query/paging.js';
import { queryLists, queryOf } from '../../../query/query.js';
import { isServerParameter, JOINED, serverListSchema } from '../../schemas/server-list.js';
import { statesOf } from '../server-status.js';
import type { SimulatedServer } from '../server.entity.js';
import { type Filter, filterOf } from './server-list.filters.js';
import { orderOf } from './server-list.order.js';

/** From here on an unknown status is a fault; before, no server has it. */
const STRICT_STATUS: Microversion = 38;

/** Filters for all users; administrators have more. */
const FOR_ALL = ['reservation_id', 'name', 'status', 'image', 'flavor', 'ip', 'changes-since', 'all_tenants'];

/** The parameters of a request for a list of servers. */
export interface ServerListQuery {
  /** The project whose servers are listed; `null` for all. */
  projectId: string | null;
  allProjects: boolean;
  withDeleted: boolean;
  /** The page that is asked for, of all those servers. */
  select: (servers: SimulatedServer[]) => ListPage<SimulatedServer>;
}

/**
 * Reads the query of `GET /servers` (nova/api/openstack/compute/servers.py, `_get_servers`).
 *
 * @throws BadRequest or Forbidden, in Nova's words
 */
export function readServerListQuery(
  request: FastifyRequest,
  version: Microversion,
  caller: Caller,
): ServerListQuery {
  assertQuery(request, serverListSchema(version));
  const lists = queryLists(request);
  const options = optionsOf(request, version, caller);
  const changesSince = parseDateTime(options.get('changes-since') ?? '');
  const status = statusFilter(lists['status'], version);
  const deleted = options.get('deleted');
  const onlyDeleted =
    (deleted !== undefined && readBoolean(deleted) === true) || wantsDeleted(status.vmStates, caller);
  const allTenants = options.get('all_tenants');
  const allProjects = allTenants !== undefined && (allTenants === '' || strictBoolean(allTenants));
  const order = orderOf(lists, caller.isAdmin);

  const filters = [...options].flatMap(([name, value]) => filterOf(name, value) ?? []);
  filters.push(status.filter);
  if (changesSince !== null) filters.push(({ updatedAt }) => updatedAt >= changesSince);
  if (onlyDeleted) filters.push(({ vmState }) => vmState === 'deleted');
  return {
    projectId: allProjects
      ? (options.get('project_id') ?? options.get('tenant_id') ?? null)
      : caller.projectId,
    allProjects,
    withDeleted: changesSince !== null || onlyDeleted,
    select: (servers) => {
      const found = servers.filter((server) => filters.every((filter) => filter(server))).sort(order);
      return pageOf(
        found,
        pageQuery(request),
        ({ id }) => id,
        (marker) => new BadRequest(`marker [${marker}] not found`),
      );
    },
  };
}

/** The parameters that count: filters that a user may not use are ignored. */
function optionsOf(request: FastifyRequest, version: Microversion, { isAdmin }: Caller): Map<string, string> {
  const forAll = [
    ...FOR_ALL,
    ...(version >= 5 ? ['ip6'] : []),
    ...(version >= 26 ? ['tags', 'tags-any', 'not-tags', 'not-tags-any'] : []),
  ];
  const options = new Map(
    [...queryOf(request)].filter(([name]) =>
      isAdmin ? isServerParameter(name, version) : forAll.includes(name),
    ),
  );
  for (const name of options.keys()) {
    if (JOINED.includes(name) || name.startsWith('_')) throw new BadRequest(`Invalid filter field: ${name}.`);
  }
  return options;
}

function statusFilter(
  statuses: string[] | undefined,
  version: Microversion,
): { vmStates: string[]; filter: Filter } {
  if (statuses === undefined) return { vmStates: [], filter: () => true };
  const { vmStates, taskStates } = statesOf(statuses);
  if (vmStates.length === 0 && version >= STRICT_STATUS) throw new BadRequest('Invalid status value');
  const ofAnyTask = taskStates.includes('default');
  return {
    vmStates,
    filter: ({ vmState, taskState }) =>
      vmStates.includes(vmState) && (ofAnyTask || taskStates.includes(taskState ?? '')),
  };
}

function wantsDeleted(vmStates: string[], { isAdmin }: Caller): boolean {
  if (vmStates.join() !== 'deleted') return false;
  if (!isAdmin) throw new Forbidden('Only administrators may list deleted instances');
  return true;
}

/** An empty marker counts as missing. */
function pageQuery(request: FastifyRequest): Map<string, string> {
  const query = queryOf(request);
  if (query.get('marker') === '') query.delete('marker');
  return query;
}
