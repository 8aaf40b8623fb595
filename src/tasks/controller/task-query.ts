import { toText, queryPairs, splitUrl } from '../../url/percent-encoding.js';
import { isSubject, SUBJECT_RULE } from '../subject.js';
import { assertTag } from '../tag.js';
import { InvalidQueryError } from '../task.errors.js';
import type { TaskFilter } from '../task.filter.js';
import { TASK_STATES, type TaskState } from '../task.states.js';
import type { Page } from '../tasks.service.js';

/** The longest page, and the length without `limit`. */
const MAX_LIMIT = 1000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A list request's filter and page, without the tenant, which comes from `requester`. */
export interface TaskQuery {
  filter: Omit<TaskFilter, 'projectId'>;
  page: Page;
}

/**
 * Reads `tag`, `subject`, `task`, `state` (which may be repeated), `limit` and `marker`. It reads the URL rather than
 * the platform's parsed query, since a tag may be any bytes.
 *
 * @throws InvalidQueryError for a parameter that is unknown, repeated, or invalid: silently ignoring a filter would
 *   show tasks that were not asked for
 */
export function readTaskQuery(url: string): TaskQuery {
  const filter: TaskQuery['filter'] = {};
  const page: Page = { limit: MAX_LIMIT };
  const seen = new Set<string>();
  for (const [name, value] of queryPairs(splitUrl(url)[1])) {
    if (name !== 'state' && seen.has(name)) throw new InvalidQueryError(`${toText(name)} was given twice.`);
    seen.add(name);
    switch (name) {
      case 'tag':
        assertTag(value, 'The tag');
        filter.tag = value;
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
      default:
        throw new InvalidQueryError(
          `${toText(name)} is not a parameter. Ask by tag, subject, task, state, limit and marker.`,
        );
    }
  }
  return { filter, page };
}

/** @throws InvalidQueryError when a text is no uuid */
export function uuidOf(text: string, what: string): string {
  const uuid = text.toLowerCase();
  if (!UUID.test(uuid)) throw new InvalidQueryError(`${what} must be the uuid of a task.`);
  return uuid;
}

function stateOf(text: string): TaskState {
  const state = TASK_STATES.find((known) => known === text);
  if (state === undefined) throw new InvalidQueryError(`state must be one of ${TASK_STATES.join(', ')}.`);
  return state;
}
