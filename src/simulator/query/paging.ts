import { BadRequest } from '../../openstack/faults.js';
import { repr } from '../json-schema/python-repr.js';

/** The longest page, and the length without `limit`; Nova's own default (`[api]max_limit`). */
const MAX_LIMIT = 1000;

/** One page of a list. */
export interface ListPage<Item> {
  items: Item[];
  /** The marker of the next page; `null` on the last one. */
  nextMarker: string | null;
}

/**
 * The page of a list that `limit` and `marker` ask for.
 *
 * @param keyOf the key by which a marker names an item
 * @throws BadRequest for a limit that is not a number, and the error of `notFound` for an unknown marker
 */
export function pageOf<Item>(
  all: Item[],
  query: ReadonlyMap<string, string>,
  keyOf: (item: Item) => string,
  notFound: (marker: string) => Error,
): ListPage<Item> {
  const limit = limitOf(query.get('limit'));
  const marker = query.get('marker');
  const start = marker === undefined ? 0 : all.findIndex((item) => keyOf(item) === marker) + 1;
  if (marker !== undefined && start === 0) throw notFound(marker);
  const items = all.slice(start, start + limit);
  const last = items.at(-1);
  const hasMore = last !== undefined && all.length > start + limit;
  return { items, nextMarker: hasMore ? keyOf(last) : null };
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return MAX_LIMIT;
  const complaint =
    text === '' ? 'is too short' : /^\d+$/.test(text) ? null : `does not match ${repr('^[0-9]*$')}`;
  if (complaint === null) return Math.min(Number(text), MAX_LIMIT);
  throw new BadRequest(
    `Invalid input for query parameters limit. Value: ${text}. ${repr(text)} ${complaint}`,
  );
}
