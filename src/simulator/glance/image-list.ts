import { BadRequest } from '../../openstack/faults.js';
import { splitUrl } from '../../url/percent-encoding.js';

/** The default length of a page without `limit`, and the longest one: Glance's own. */
const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 1000;

const VISIBILITIES = ['public', 'private', 'shared', 'community', 'all'];

/** Attributes that accept several values, by `in:a,b`. */
const WITH_IN = new Set(['id', 'name', 'status', 'container_format', 'disk_format']);

/** Parameters that are not filters. The order is always that of creation, newest first. */
const NO_FILTERS = new Set(['limit', 'marker', 'sort', 'sort_key', 'sort_dir', 'member_status']);

type ImageView = Record<string, unknown>;

/** The query of a list, as the router gives it. */
export type ListQuery = Readonly<Record<string, string | string[]>>;

/**
 * A page of images, as Glance gives it: all parameters except those for paging are filters, also by properties.
 *
 * @param views all images, in order
 * @param url of the request, for the link to the next page
 * @throws BadRequest for an unknown marker, or an invalid limit or visibility
 */
export function imageList(views: ImageView[], query: ListQuery, url: string): object {
  const matching = views.filter((view) => matches(view, query));
  const limit = readLimit(query['limit']);
  const start = startAfter(query['marker'], matching);
  const images = matching.slice(start, start + limit);
  const [path, search] = splitUrl(url.replace(/^\/image(?=\/)/, ''));
  const last = images.at(-1);
  return {
    images,
    first: search === '' ? path : `${path}?${withoutMarker(search).join('&')}`,
    ...(last !== undefined &&
      start + limit < matching.length && {
        next: `${path}?${[...withoutMarker(search), `marker=${String(last['id'])}`].join('&')}`,
      }),
    schema: '/v2/schemas/images',
  };
}

function matches(view: ImageView, query: ListQuery): boolean {
  return Object.entries(query).every(([name, value]) => {
    if (NO_FILTERS.has(name)) return true;
    const wanted = [value].flat();
    if (name === 'visibility') return matchesVisibility(view, wanted);
    if (name === 'tag') return false; // no image has any
    return wanted.every((text) => {
      const choices = WITH_IN.has(name) && text.startsWith('in:') ? splitList(text.slice(3)) : [text];
      return choices.some((choice) => Object.hasOwn(view, name) && isSame(view[name], choice));
    });
  });
}

function matchesVisibility(view: ImageView, wanted: string[]): boolean {
  return wanted.every((visibility) => {
    if (!VISIBILITIES.includes(visibility)) throw new BadRequest(`Invalid visibility value: ${visibility}`);
    return visibility === 'all' || visibility === view['visibility'];
  });
}

function isSame(actual: unknown, wanted: string): boolean {
  return String(actual) === (typeof actual === 'boolean' ? wanted.toLowerCase() : wanted);
}

/** `a,"b,c"` has two parts. */
function splitList(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|([^,"]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

function readLimit(value: string | string[] | undefined): number {
  if (value === undefined) return DEFAULT_LIMIT;
  if (typeof value !== 'string' || !/^-?\d{1,15}$/.test(value))
    throw new BadRequest('limit param must be an integer');
  const limit = Number(value);
  if (limit < 0) throw new BadRequest('limit param must be positive');
  return Math.min(limit, MAX_LIMIT);
}

function startAfter(marker: string | string[] | undefined, views: ImageView[]): number {
  if (marker === undefined) return 0;
  const index = views.findIndex(({ id }) => id === marker);
  if (index === -1) throw new BadRequest(`No image found with ID ${String(marker)}`);
  return index + 1;
}

function withoutMarker(search: string): string[] {
  return search.split('&').filter((pair) => pair !== '' && !/^marker(=|$)/.test(pair));
}
