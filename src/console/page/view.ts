import { STATES, type TaskState } from './task.js';

/** Which tasks a list shows. */
export interface Filter {
  /** The beginning of a tag, a task's or server's id, a request id or a user. */
  q: string;
  /** @default all */
  states: TaskState[];
  /** The name of tasks, such as `create`. */
  task: string;
  /** A time until now, such as `1h`. */
  within: string;
  /** RFC 3339; they count without `within`. */
  since: string;
  until: string;
  /** Those of all projects, for administrators. */
  all: boolean;
}

/** What the page shows. It stands in the address after `#`, so that no server gets it. */
export type View =
  { name: 'list'; filter: Filter; marker: string | null } | { name: 'task'; uuid: string; all: boolean };

export const NO_FILTER: Filter = {
  q: '',
  states: [],
  task: '',
  within: '',
  since: '',
  until: '',
  all: false,
};

/** The spans for `within`, in milliseconds. */
export const SPANS: Readonly<Record<string, number>> = {
  '15m': 900_000,
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
};

/** The view of an address; what it does not understand it leaves out. */
export function viewOf(hash: string): View {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const given = new URLSearchParams(query);
  const all = given.get('all') === '1';
  const [, uuid] = /^\/tasks\/([0-9a-f-]{36})$/i.exec(path) ?? [];
  if (uuid !== undefined) return { name: 'task', uuid, all };
  const text = (name: string) => given.get(name) ?? '';
  const within = text('within');
  const filter = {
    q: text('q'),
    states: STATES.filter((state) => given.getAll('state').includes(state)),
    task: text('task'),
    within: within in SPANS ? within : '',
    since: timeOf(text('since')),
    until: timeOf(text('until')),
    all,
  };
  return { name: 'list', filter, marker: given.get('marker') };
}

/** The address of a view, after the page's own. */
export function hashOf(view: View): string {
  if (view.name === 'task') return `#/tasks/${view.uuid}${view.all ? '?all=1' : ''}`;
  const { filter, marker } = view;
  const pairs: [string, string][] = [
    ['q', filter.q],
    ...filter.states.map((state): [string, string] => ['state', state]),
    ['task', filter.task],
    ['within', filter.within],
    ['since', filter.since],
    ['until', filter.until],
    ['all', filter.all ? '1' : ''],
    ['marker', marker ?? ''],
  ];
  const query = new URLSearchParams(pairs.filter(([, value]) => value !== '')).toString();
  return `#/tasks${query === '' ? '' : `?${query}`}`;
}

/** The address of a list. */
export function listHash(filter: Partial<Filter>, marker: string | null = null): string {
  return hashOf({ name: 'list', filter: { ...NO_FILTER, ...filter }, marker });
}

/** The query by which the API gives a list. */
export function queryOf(filter: Filter, now: number): URLSearchParams {
  const span = SPANS[filter.within];
  const since = span === undefined ? filter.since : new Date(now - span).toISOString();
  const pairs: [string, string][] = [
    ['q', filter.q.trim()],
    ...filter.states.map((state): [string, string] => ['state', state]),
    ['task', filter.task],
    ['since', since],
    ['until', span === undefined ? filter.until : ''],
    ['all_tenants', filter.all ? '1' : ''],
  ];
  return new URLSearchParams(pairs.filter(([, value]) => value !== ''));
}

function timeOf(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? '' : new Date(time).toISOString();
}
