import type { Statement } from '../storage/statement.js';
import { isSubject, SUBJECT_RULE } from './subject.js';
import { isBytes, type Tag, tagToColumn } from './tag.js';
import type { TaskState } from './task.states.js';

/** Which tasks are meant. `projectId: null` means those of all projects, and is for operators only. */
export interface TaskFilter {
  projectId: string | null;
  /** A string of bytes; of a text, `tagFromText` gives it. */
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

/** Which of the tasks that a filter means. */
export interface TaskPlace {
  uuid?: string;
  /** Only those before this one. */
  before?: string;
}

/**
 * The condition of a SELECT for the tasks that a filter means.
 *
 * @param shared tasks that have the filter's subject besides others. They stand as a list, not as a join: next to
 *   an OR, a database would read all tasks of the project.
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

/** @throws TypeError for a text that no task can have as its subject */
export function assertSubject(subject: string): void {
  if (!isSubject(subject)) throw new TypeError(`A subject has ${SUBJECT_RULE}.`);
}

/** @throws TypeError for a text that is no byte string: cut to bytes, it would be another tag */
function assertBytes(tag: Tag): Tag {
  if (!isBytes(tag)) {
    throw new TypeError('A tag is a string of bytes, and this is a text. Ask for tagFromText(…) of it.');
  }
  return tag;
}

function anyOf(values: unknown[]): string {
  return `IN (${values.map(() => '?').join(', ') || 'NULL'})`;
}
