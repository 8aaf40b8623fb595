import type { Statement } from '../storage/statement.js';
import { isSubject, SUBJECT_RULE } from './subject.js';
import { isBytes, type Tag, tagToColumn } from './tag.js';
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
}

/** The place of tasks among those that match a filter. */
export interface TaskPlace {
  uuid?: string;
  /** Only tasks before this one. */
  before?: string;
}

/**
 * The condition of a SELECT for the tasks that match a filter.
 *
 * @param shared tasks that have the filter's subject besides others. They are a list, not a join: next to an OR, a
 *   database would read all tasks of the project.
 */
export function tasksMeant(filter: TaskFilter, shared: string[], place: TaskPlace = {}): Statement {
  const conditions: string[] = [];
  const parameters: unknown[] = [];
  const where = (sql: string, ...values: unknown[]) => {
    conditions.push(sql);
    parameters.push(...values);
  };
  const { projectId, tag, subject, requestId, states, task, changesSince } = filter;
  if (projectId !== null) where('project_id = ?', projectId);
  if (tag !== undefined) where('tag = ?', tagToColumn(assertBytes(tag)));
  if (states !== undefined) where(`state ${anyOf(states)}`, ...states);
  if (task !== undefined) where('task = ?', task);
  if (changesSince !== undefined) where('last_updated >= ?', changesSince);
  if (subject !== undefined) {
    if (shared.length === 0) where('subject = ?', subject);
    else where(`(subject = ? OR uuid ${anyOf(shared)})`, subject, ...shared);
  }
  if (requestId !== undefined) where('(request_id = ? OR global_request_id = ?)', requestId, requestId);
  if (place.uuid !== undefined) where('uuid = ?', place.uuid);
  if (place.before !== undefined) where('uuid < ?', place.before);
  return { sql: conditions.join(' AND ') || '1 = 1', parameters };
}

/** @throws TypeError for a text that cannot be the subject of a task */
export function assertSubject(subject: string): void {
  if (!isSubject(subject)) throw new TypeError(`A subject has ${SUBJECT_RULE}.`);
}

/** @throws TypeError for a text that is not a byte string: cut to bytes, it would be another tag */
export function assertBytes(tag: Tag): Tag {
  if (!isBytes(tag)) {
    throw new TypeError('A tag is a string of bytes, and this is a text. Convert it with tagFromText(…).');
  }
  return tag;
}

function anyOf(values: unknown[]): string {
  return `IN (${values.map(() => '?').join(', ') || 'NULL'})`;
}
