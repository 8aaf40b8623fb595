import type { FastifyRequest } from 'fastify';
import { BadRequest } from '../../openstack/faults.js';
import { nextLink } from '../../openstack/urls/links.js';

/** A resource as Neutron shows it. */
export type ResourceView = Readonly<Record<string, unknown>>;

/** The query of a request, as the router gives it. */
export type Query = Readonly<Record<string, string | string[]>>;

/** Parameters that are no filters; the order is always the same. */
const NO_FILTERS = new Set(['fields', 'limit', 'marker', 'sort_key', 'sort_dir', 'page_reverse']);

/**
 * A list as Neutron gives it (neutron/api/api_common.py): all parameters except those for paging are filters on
 * attributes; of several values for one name, any may match.
 *
 * @param known attributes that can be filtered by, even if the list is empty
 * @throws BadRequest for a filter that no resource of the list can have
 */
export function resourceList(
  collection: string,
  resources: ResourceView[],
  known: ResourceView,
  request: FastifyRequest,
): object {
  const query = request.query as Query;
  const filters = Object.entries(query).filter(([name]) => !NO_FILTERS.has(name));
  const unknown = filters.map(([name]) => name).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length > 0) {
    throw new BadRequest(
      `[${unknown.map((name) => `'${name}'`).join(', ')}] is invalid attribute for filtering`,
    );
  }
  const matching = resources.filter((resource) =>
    filters.every(([name, values]) => [values].flat().some((value) => matches(resource[name], value))),
  );
  const { page, next } = paged(matching, query);
  return {
    [collection]: page.map((resource) => withFields(resource, query)),
    ...(next !== undefined && { [`${collection}_links`]: [nextLink(request, next)] }),
  };
}

/** A resource with the attributes requested by `fields`; all without it. */
export function withFields(resource: ResourceView, { fields }: Query): ResourceView {
  const wanted = [fields ?? []].flat().filter((name) => name !== '');
  if (wanted.length === 0) return resource;
  return Object.fromEntries(Object.entries(resource).filter(([name]) => wanted.includes(name)));
}

/** Lists match by one element; a structure by one of its parts, as in `fixed_ips=ip_address=10.0.0.2`. */
function matches(actual: unknown, wanted: string): boolean {
  if (typeof actual === 'boolean') return String(actual) === booleanOf(wanted);
  if (Array.isArray(actual)) return actual.some((element) => matches(element, wanted));
  if (typeof actual === 'object' && actual !== null) {
    return Object.entries(actual).some(([name, value]) => `${name}=${String(value)}` === wanted);
  }
  return typeof actual === 'number' || typeof actual === 'string' ? String(actual) === wanted : false;
}

function booleanOf(text: string): string {
  return { '1': 'true', '0': 'false' }[text] ?? text.toLowerCase();
}

function paged(resources: ResourceView[], { limit, marker }: Query) {
  if (limit !== undefined && !/^\d{1,9}$/.test(String(limit))) {
    throw new BadRequest(
      `Invalid input for limit. Reason: '${String(limit)}' is not a non-negative integer.`,
    );
  }
  const start = marker === undefined ? 0 : resources.findIndex(({ id }) => id === marker) + 1;
  if (marker !== undefined && start === 0)
    throw new BadRequest(`Marker ${String(marker)} could not be found.`);
  // Neutron takes 0 as no limit.
  const end = start + (Number(limit ?? 0) || resources.length);
  const page = resources.slice(start, end);
  return { page, next: end < resources.length ? String(page.at(-1)?.['id']) : undefined };
}
