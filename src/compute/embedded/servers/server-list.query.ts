import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../../identity/caller.js';
import { parseDateTime } from '../../../openstack/date-time.js';
import { BadRequest } from '../../../openstack/faults.js';
import type { Microversion } from '../../../openstack/microversion.js';
import { queryPairs, splitUrl, toText } from '../../../url/percent-encoding.js';
import type { EmbeddedServer } from './server.entity.js';
import { statusOf } from './server-status.js';

const MAX_LIMIT = 1000;

/** What lists can be sorted by, of what the simulation keeps. */
const SORT_KEYS: Record<string, (server: EmbeddedServer) => string | number> = {
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => updatedAt,
  display_name: ({ name }) => name,
  name: ({ name }) => name,
  uuid: ({ id }) => id,
  vm_state: ({ vmState }) => vmState,
  task_state: ({ taskState }) => taskState ?? '',
};

/** What a request for a list of servers asks for. */
export interface ServerListQuery {
  allProjects: boolean;
  withDeleted: boolean;
  /** The page of those servers that is asked for, of all in the default order. */
  select: (servers: EmbeddedServer[]) => { page: EmbeddedServer[]; hasMore: boolean };
}

/** Reads the query of `GET /servers` (nova/api/openstack/compute/servers.py, `_get_servers`). */
export function readServerListQuery(
  request: FastifyRequest,
  version: Microversion,
  caller: Caller,
): ServerListQuery {
  const pairs = queryPairs(splitUrl(request.originalUrl)[1]).map(([name, value]) => [
    toText(name),
    toText(value),
  ]);
  const query = new Map(pairs as [string, string][]);
  if (query.has('metadata')) throw new BadRequest('Invalid filter field: metadata.');
  const limit = limitOf(query.get('limit'));
  const changesSince = timeOf(query.get('changes-since'));
  const filters = filtersOf(query, version, changesSince);
  const sort = (pairs as [string, string][]).filter(([name]) => name === 'sort_key').map(([, key]) => key);
  const directions = (pairs as [string, string][])
    .filter(([name]) => name === 'sort_dir')
    .map(([, dir]) => dir);

  return {
    allProjects: caller.isAdmin && isTrue(query.get('all_tenants')),
    withDeleted: changesSince !== null || (caller.isAdmin && isTrue(query.get('deleted'))),
    select: (servers) => {
      const found = sorted(servers, sort, directions).filter((server) =>
        filters.every((filter) => filter(server)),
      );
      const marker = query.get('marker');
      const start = marker === undefined ? 0 : found.findIndex(({ id }) => id === marker) + 1;
      if (marker !== undefined && start === 0) throw new BadRequest(`marker [${marker}] not found`);
      return { page: found.slice(start, start + limit), hasMore: found.length > start + limit };
    },
  };
}

type Filter = (server: EmbeddedServer) => boolean;

function filtersOf(query: Map<string, string>, version: Microversion, changesSince: number | null): Filter[] {
  const filters: Filter[] = [];
  const add = (name: string, filter: (value: string) => Filter) => {
    const value = query.get(name);
    if (value !== undefined) filters.push(filter(value));
  };
  add('name', (value) => {
    const matches = textPattern(value);
    return ({ name }) => matches(name);
  });
  add('status', (value) => (server) => statusOf(server) === value.toUpperCase());
  add(
    'image',
    (value) =>
      ({ data }) =>
        data.imageRef === value,
  );
  add(
    'flavor',
    (value) =>
      ({ data }) =>
        data.flavorId === value,
  );
  add(
    'reservation_id',
    (value) =>
      ({ data }) =>
        data.reservationId === value,
  );
  add(
    'uuid',
    (value) =>
      ({ id }) =>
        id === value,
  );
  add('ip', (value) => {
    const matches = textPattern(value);
    return ({ data }) => data.ports.some(({ ip }) => matches(ip));
  });
  if (version >= 26) {
    add(
      'tags',
      (value) =>
        ({ data }) =>
          value.split(',').every((tag) => data.tags.includes(tag)),
    );
    add(
      'tags-any',
      (value) =>
        ({ data }) =>
          value.split(',').some((tag) => data.tags.includes(tag)),
    );
    add(
      'not-tags',
      (value) =>
        ({ data }) =>
          !value.split(',').every((tag) => data.tags.includes(tag)),
    );
    add(
      'not-tags-any',
      (value) =>
        ({ data }) =>
          !value.split(',').some((tag) => data.tags.includes(tag)),
    );
  }
  if (changesSince !== null) filters.push(({ updatedAt }) => updatedAt >= changesSince);
  return filters;
}

/**
 * Nova matches names as regular expressions of its database. Here `^`, `$` and `.*` mean what they mean there, and
 * everything else is itself: a user's own expression could keep this process busy for hours.
 */
function textPattern(pattern: string): (text: string) => boolean {
  const fromStart = pattern.startsWith('^');
  const toEnd = pattern.endsWith('$') && !pattern.endsWith('\\$');
  const parts = pattern
    .slice(fromStart ? 1 : 0, toEnd ? -1 : undefined)
    .split('.*')
    .map((part) => part.replace(/\\(.)/g, '$1'));
  return (text) => {
    let position = 0;
    for (const [n, part] of parts.entries()) {
      const isLast = n === parts.length - 1;
      const at = isLast && toEnd ? text.length - part.length : text.indexOf(part, position);
      if (at < position || !text.startsWith(part, at) || (n === 0 && fromStart && at !== 0)) return false;
      position = at + part.length;
    }
    return true;
  };
}

function sorted(servers: EmbeddedServer[], keys: string[], directions: string[]): EmbeddedServer[] {
  const orders = keys
    .map((key, n) => ({ valueOf: SORT_KEYS[key], sign: (directions[n] ?? directions[0]) === 'asc' ? 1 : -1 }))
    .filter((order) => order.valueOf !== undefined);
  if (orders.length === 0) return servers;
  return [...servers].sort((a, b) => {
    for (const { valueOf, sign } of orders) {
      const [x, y] = [valueOf?.(a) ?? '', valueOf?.(b) ?? ''];
      if (x !== y) return x < y ? -sign : sign;
    }
    return 0;
  });
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return MAX_LIMIT;
  if (!/^\d{1,9}$/.test(text)) {
    throw new BadRequest(
      `Invalid input for query parameters limit. Value: ${text}. '${text}' does not match '^[0-9]*$'`,
    );
  }
  return Math.min(Number(text), MAX_LIMIT);
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
