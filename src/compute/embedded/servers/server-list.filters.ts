import type { Microversion } from '../../../openstack/microversion.js';
import type { EmbeddedServer } from './server.entity.js';
import { statusOf } from './server-status.js';

/** Whether a server belongs to a list. */
export type Filter = (server: EmbeddedServer) => boolean;

/** The filters of a list's query (nova/api/openstack/compute/servers.py, `_get_server_search_options`). */
export function filtersOf(
  query: ReadonlyMap<string, string>,
  version: Microversion,
  changesSince: number | null,
): Filter[] {
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
