import { HOST } from '../../host.js';
import { type SimulatedServer, portsOf } from '../server.entity.js';

/** Whether a server belongs to a list. */
export type Filter = (server: SimulatedServer) => boolean;

type Value = string | number | null;

/** Filters for all users, and for administrators only. */
const EXACT: Readonly<Record<string, (server: SimulatedServer) => Value>> = {
  image: ({ data }) => data.imageRef,
  flavor: ({ data }) => data.flavorId,
  reservation_id: ({ data }) => data.reservationId,
  uuid: ({ id }) => id,
  user_id: ({ userId }) => userId,
  image_ref: ({ data }) => data.imageRef,
  vm_state: ({ vmState }) => vmState,
  task_state: ({ taskState }) => taskState,
  launch_index: ({ data }) => data.launchIndex,
  host: () => HOST,
};

const PATTERNS: Readonly<Record<string, (server: SimulatedServer) => Value>> = {
  name: ({ name }) => name,
  display_name: ({ name }) => name,
  hostname: ({ name }) => name,
  description: ({ data }) => data.description,
  display_description: ({ data }) => data.description,
  availability_zone: ({ data }) => data.availabilityZone,
  key_name: ({ data }) => data.keyName,
  power_state: ({ data }) => data.powerState,
  node: () => HOST,
};

const TAGS: Readonly<Record<string, (wanted: string[], tags: string[]) => boolean>> = {
  tags: (wanted, tags) => wanted.every((tag) => tags.includes(tag)),
  'tags-any': (wanted, tags) => wanted.some((tag) => tags.includes(tag)),
  'not-tags': (wanted, tags) => !wanted.every((tag) => tags.includes(tag)),
  'not-tags-any': (wanted, tags) => !wanted.some((tag) => tags.includes(tag)),
};

/**
 * The filter for one parameter of a list's query; `null` if it filters nothing here.
 *
 * @param value as the client gave it; may be a pattern
 */
export function filterOf(name: string, value: string): Filter | null {
  const exact = EXACT[name];
  if (exact !== undefined) return (server) => String(exact(server) ?? '') === value;
  const pattern = PATTERNS[name];
  if (pattern !== undefined) {
    const matches = textPattern(value);
    return (server) => matches(String(pattern(server) ?? ''));
  }
  const tags = TAGS[name];
  if (tags !== undefined) return ({ data }) => tags(value.split(','), data.tags);
  if (name === 'ip') {
    const matches = textPattern(value);
    return (server) => portsOf(server).some(({ ip }) => matches(ip));
  }
  // No network of the simulated cloud has such addresses.
  return name === 'ip6' ? () => false : null;
}

/**
 * Nova matches names as regular expressions of its database. Here `^`, `$` and `.*` keep their meaning, and all other
 * characters are literal: a user's own expression could keep this process busy for hours.
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
