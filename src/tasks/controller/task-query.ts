import { toText, queryPairs, splitUrl } from '../../url/percent-encoding.js';
import { isSubject, SUBJECT_RULE } from '../subject.js';
import { assertTag } from '../tag.js';
import { InvalidQueryError } from '../task.errors.js';
import { isSearch, SEARCH_RULE, type TaskFilter } from '../task.filter.js';
import { TASK_STATES, type TaskState } from '../task.states.js';
import type { Page } from '../tasks.service.js';
import { waitSeconds, WAIT_RULE } from '../waiting/asked-wait.js';

/** The longest page, and the length without `limit`. */
const MAX_LIMIT = 1000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A list request's filter and page, without the tenant, which comes from `requester`. */
export interface TaskQuery {
  filter: Omit<TaskFilter, 'projectId'>;
  page: Page;
  /** Whether tasks are to be counted by their states. */
  counts: boolean;
  /** How long to wait first, in seconds, if the parameter says so. */
  wait?: number;
}

/**
 * Reads `q`, `tag`, `subject`, `task`, `state` (which may be repeated), `since`, `until`, `limit`, `marker`, `counts` and
 * `wait`. It reads the URL rather than the platform's parsed query, since a tag may be any bytes.
 *
 * @throws InvalidQueryError for a parameter that is unknown, repeated, or invalid: silently ignoring a filter would
 *   show tasks that were not asked for
 */
export function readTaskQuery(url: string): TaskQuery {
  const filter: TaskQuery['filter'] = {};
  const page: Page = { limit: MAX_LIMIT };
  const seen = new Set<string>();
  let wait: number | undefined;
  let counts = false;
  for (const [name, value] of queryPairs(splitUrl(url)[1])) {
    if (name !== 'state' && seen.has(name)) throw new InvalidQueryError(`${toText(name)} was given twice.`);
    seen.add(name);
    switch (name) {
      case 'tag':
        assertTag(value, 'The tag');
        filter.tag = value;
        break;
      case 'q':
        if (!isSearch(value)) throw new InvalidQueryError(`q must have ${SEARCH_RULE}.`);
        filter.search = value;
        break;
      case 'since':
      case 'until':
        filter[name] = timeOf(name, value);
        break;
      case 'counts':
        if (value !== 'true' && value !== 'false')
          throw new InvalidQueryError('counts must be true or false.');
        counts = value === 'true';
        break;
      case 'task':
        // No name contains a NUL, and PostgreSQL accepts none in a text.
        if (value.includes('\0')) throw new InvalidQueryError('task contains a NUL, which no name has.');
        filter.task = toText(value);
        break;
      case 'subject':
        filter.subject = toText(value);
        if (!isSubject(filter.subject)) throw new InvalidQueryError(`subject must have ${SUBJECT_RULE}.`);
        break;
      case 'state':
        filter.states = [...(filter.states ?? []), stateOf(value)];
        break;
      case 'limit':
        if (!/^\d{1,9}$/.test(value)) throw new InvalidQueryError('limit must be a whole number.');
        page.limit = Math.min(Number(value), MAX_LIMIT);
        break;
      case 'marker':
        page.marker = uuidOf(value, 'marker');
        break;
      case 'wait':
        wait = secondsOf(value);
        break;
      default:
        throw new InvalidQueryError(
          `${toText(name)} is not a parameter. Ask by q, tag, subject, task, state, since, until, limit, marker, counts and wait.`,
        );
    }
  }
  if (wait !== undefined && filter.tag === undefined && filter.subject === undefined)
    throw new InvalidQueryError('wait needs a tag or a subject to wait for.');
  if ((filter.since ?? 0) > (filter.until ?? Infinity))
    throw new InvalidQueryError('since is later than until.');
  return { filter, page, counts, ...(wait !== undefined && { wait }) };
}

/**
 * Reads `wait` alone, from the URL of one task, whose other parameters are ignored.
 *
 * @throws InvalidQueryError when it is invalid
 */
export function readWait(url: string): number | undefined {
  const [value, another] = queryPairs(splitUrl(url)[1]).filter(([name]) => name === 'wait');
  if (another !== undefined) throw new InvalidQueryError('wait was given twice.');
  return value && secondsOf(value[1]);
}

/** @throws InvalidQueryError when a text is no uuid */
export function uuidOf(text: string, what: string): string {
  const uuid = text.toLowerCase();
  if (!UUID.test(uuid)) throw new InvalidQueryError(`${what} must be the uuid of a task.`);
  return uuid;
}

function secondsOf(text: string): number {
  const seconds = waitSeconds(text);
  if (seconds === null) throw new InvalidQueryError(`wait must be ${WAIT_RULE}.`);
  return seconds;
}

/** A time as RFC 3339 has it; the `+` of an offset, if it was not encoded, has come as a blank. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+ -]\d\d:\d\d)$/i;

function timeOf(name: string, text: string): number {
  const time = TIME.test(text) ? Date.parse(text.replace(' ', '+')) : NaN;
  if (!Number.isNaN(time)) return time;
  throw new InvalidQueryError(`${name} must be a time such as 2026-01-31T12:00:00Z.`);
}

function stateOf(text: string): TaskState {
  const state = TASK_STATES.find((known) => known === text);
  if (state === undefined) throw new InvalidQueryError(`state must be one of ${TASK_STATES.join(', ')}.`);
  return state;
}
