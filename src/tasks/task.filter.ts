import { type Key, uuidBytes } from '../storage/bytes.js';
import { idBytes, packedBytes } from '../storage/packed-ids.js';
import type { Statement } from '../storage/statement.js';
import { firstUuidOf } from './first-uuid.js';
import { MAX_SEARCH_BYTES } from './searching/prefix.js';
import { isSubject, SUBJECT_RULE } from './subject.js';
import { isBytes, type Tag } from './tag.js';
import type { TaskState } from './task.states.js';

/** Selects tasks. `projectId: null` selects those of all projects, and is for operators only. */
export interface TaskFilter {
  projectId: string | null;
  /** A string of bytes; `tagFromText` makes it from a text. */
  tag?: Tag;
  /** What the tasks are about, as the option `subject` gives it. */
  subject?: string;
  /** The compute service's request id, or the one that the client sent. */
  requestId?: string;
  states?: TaskState[];
  task?: string;
  /** Epoch milliseconds: last updated then or later. */
  changesSince?: number;
  /**
   * A string of bytes, 1 to 255: what a tag, or the id of a task, a subject, a request or a user begins with. Any of them
   * counts. The user of a project's first tasks is found a second later.
   */
  search?: string;
  /** Epoch milliseconds: started then or later. */
  since?: number;
  /** Epoch milliseconds: started then or earlier. */
  until?: number;
}

/** The place of tasks among those that match a filter. */
export interface TaskPlace {
  uuid?: string;
  /** Only of these projects, by their stored ids: all that there are, for a look-up by an index that begins with them. */
  projects?: readonly Key[];
  /** Only tasks before this one. */
  before?: string;
}

/**
 * The condition of a SELECT for the tasks that match a filter.
 *
 * @param shared tasks that have the filter's subject besides others. They are a list, not a join: next to an OR, a
 *   database would read all tasks of the project.
 */
export function tasksMeant(filter: TaskFilter, shared: readonly string[], place: TaskPlace = {}): Statement {
  const conditions: string[] = [];
  const parameters: unknown[] = [];
  const where = (sql: string, ...values: unknown[]) => {
    conditions.push(sql);
    parameters.push(...values);
  };
  const { projectId, tag, subject, requestId, states, task, changesSince, since, until } = filter;
  if (projectId !== null) where('project_id = ?', idBytes(projectId));
  else if (place.projects !== undefined) where(`project_id ${anyOf(place.projects)}`, ...place.projects);
  if (tag !== undefined) where('tag = ?', packedBytes(assertBytes(tag)));
  if (states !== undefined) where(`state ${anyOf(states)}`, ...states);
  if (task !== undefined) where('task = ?', task);
  if (changesSince !== undefined) where('last_updated >= ?', changesSince);
  if (since !== undefined) where('start_time >= ?', since);
  if (until !== undefined) where('start_time <= ?', until);
  const { from, before } = uuidsOf(filter, place);
  if (from !== undefined) where('uuid >= ?', uuidBytes(from));
  if (before !== undefined) where('uuid < ?', uuidBytes(before));
  if (subject !== undefined) {
    if (shared.length === 0) where('subject = ?', idBytes(subject));
    else where(`(subject = ? OR uuid ${anyOf(shared)})`, idBytes(subject), ...shared.map(uuidBytes));
  }
  if (requestId !== undefined) {
    const id = idBytes(requestId);
    where('(request_id = ? OR global_request_id = ?)', id, id);
  }
  if (place.uuid !== undefined) where('uuid = ?', uuidBytes(place.uuid));
  return { sql: conditions.join(' AND ') || '1 = 1', parameters };
}

/** @throws TypeError for a text that cannot be the subject of a task */
export function assertSubject(subject: string): void {
  if (!isSubject(subject)) throw new TypeError(`A subject has ${SUBJECT_RULE}.`);
}

/** @throws TypeError for a filter that a host has put together wrongly */
export function checkFilter({ tag, subject, search, since, until }: TaskFilter): void {
  if (tag !== undefined) assertBytes(tag);
  if (subject !== undefined) assertSubject(subject);
  if (search !== undefined && !isSearch(search))
    throw new TypeError(`A search is ${SEARCH_RULE}, a string of bytes as tagFromText(…) makes it.`);
  if ((since ?? 0) > (until ?? Infinity)) throw new TypeError('since is later than until.');
}

/** What a search must be. */
export const SEARCH_RULE = `1 to ${MAX_SEARCH_BYTES} bytes without a NUL`;

/** Whether a byte string can be searched. PostgreSQL accepts no NUL in a text, and no id has one. */
export function isSearch(search: string): boolean {
  return search !== '' && search.length <= MAX_SEARCH_BYTES && isBytes(search) && !search.includes('\0');
}

/** @throws TypeError for a text that is not a byte string: cut to bytes, it would be another tag */
export function assertBytes(tag: Tag): Tag {
  if (!isBytes(tag)) {
    throw new TypeError('A tag is a string of bytes, and this is a text. Convert it with tagFromText(…).');
  }
  return tag;
}

function anyOf(values: readonly unknown[]): string {
  return `IN (${values.map(() => '?').join(', ') || 'NULL'})`;
}

/** How far apart a task's start and the time in its uuid may be, in milliseconds. */
const MARGIN_MS = 60_000;

/**
 * The uuids between which the tasks of a filter lie, since these are in the order of time: so a time is found by the
 * index of what is asked for besides.
 */
export function uuidsOf(
  { since, until }: Pick<TaskFilter, 'since' | 'until'>,
  { before }: Pick<TaskPlace, 'before'>,
): { from?: string; before?: string } {
  const end = until === undefined ? undefined : firstUuidOf(until + MARGIN_MS);
  const first = [before, end].filter((uuid) => uuid !== undefined).sort()[0];
  return {
    ...(since !== undefined && { from: firstUuidOf(since - MARGIN_MS) }),
    ...(first !== undefined && { before: first }),
  };
}
