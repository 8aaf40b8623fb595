import { Injectable } from '@nestjs/common';
import type { DuplicateCount } from '../tasks/duplicates/task-duplicates.entity.js';
import { isUuidWithin, rangesOf } from '../tasks/searching/prefix.js';
import { type Tag, tagFromText } from '../tasks/tag.js';
import type { Task } from '../tasks/task.entity.js';
import { assertBytes, assertSubject, type TaskFilter, type TaskPlace } from '../tasks/task.filter.js';
import type { TaskLookUps } from '../tasks/task-look-ups.js';
import { COUNTS_LIMIT, type TaskCounts, type TaskList } from '../tasks/searching/task-lists.js';
import { OPEN_STATES, TASK_STATES, UNDECIDED_STATES } from '../tasks/task.states.js';
import type { Awaited, TasksOf } from '../tasks/waiting/awaited.js';
import type { Look, Looks } from '../tasks/waiting/looks.js';
import { MemoryTables } from './memory-tables.js';

/** Looks up tasks in memory. */
@Injectable()
export class MemoryLookUps implements Pick<TaskLookUps, keyof TaskLookUps> {
  constructor(private readonly tables: MemoryTables) {}

  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws is to reject the promise
  async find(filter: TaskFilter, { uuid, before }: TaskPlace, limit: number): Promise<Task[]> {
    if (filter.tag !== undefined) assertBytes(filter.tag);
    if (filter.subject !== undefined) assertSubject(filter.subject);
    const isThere = (task: Task) =>
      (uuid === undefined || task.uuid === uuid) && (before === undefined || task.uuid < before);
    return this.tables
      .newestFirst((task) => isThere(task) && isMeant(task, filter, this.tables))
      .slice(0, limit)
      .map((task) => Object.assign(task, { duplicates: this.duplicatesOf(task) }));
  }

  private duplicatesOf({ uuid }: Task): DuplicateCount {
    return this.tables.duplicates.get(uuid) ?? { refused: 0, answered: 0, lastAt: null };
  }

  async page(filter: TaskFilter, before: string | undefined, limit: number): Promise<TaskList> {
    const tasks = await this.find(filter, { before }, limit + 1);
    const page = tasks.slice(0, limit);
    return { tasks: page, next: tasks.length > limit ? (page.at(-1)?.uuid ?? null) : null };
  }

  async counts({ states: _, ...filter }: TaskFilter): Promise<TaskCounts> {
    const tasks = await this.find(filter, {}, Infinity);
    const counts = TASK_STATES.map((state) => {
      const count = tasks.filter((task) => task.state === state).length;
      return [state, Math.min(count, COUNTS_LIMIT)];
    });
    return Object.fromEntries(counts) as TaskCounts;
  }

  newest(uuid: string): Promise<Task | null> {
    return Promise.resolve(this.tables.find(uuid));
  }

  subjectsOf(projectId: string, tag: Tag, limit: number): Promise<string[]> {
    const tasks = this.tables.newestFirst((task) => isMeant(task, { projectId, tag }, this.tables));
    const subjects = tasks.flatMap(({ uuid, subject }) => [
      ...(subject === null ? [] : [subject]),
      ...(this.tables.subjects.get(uuid) ?? []),
    ]);
    return Promise.resolve([...new Set(subjects)].slice(0, limit));
  }
}

/** Looks at awaited tasks in memory. */
@Injectable()
export class MemoryLooks implements Pick<Looks, keyof Looks> {
  constructor(private readonly tables: MemoryTables) {}

  at(awaited: readonly Awaited[]): Promise<Look[]> {
    return Promise.resolve(awaited.map((one) => this.lookAt(one)));
  }

  private lookAt(awaited: Awaited): Look {
    if (awaited.until === 'all ended') return this.lookAtFirst(awaited.of);
    const before = awaited.until === 'ended' ? OPEN_STATES : UNDECIDED_STATES;
    const task = this.tables.find(awaited.uuid);
    return { isFound: task === null || !before.includes(task.state), open: null };
  }

  /** Of some groups, the first that has a task counts. */
  private lookAtFirst(groups: readonly TasksOf[]): Look {
    for (const group of groups) {
      const found = this.tables.newestFirst((task) => isMeant(task, group, this.tables));
      const open = found.find(({ state }) => OPEN_STATES.includes(state));
      if (found.length > 0) return { isFound: true, open: open?.uuid ?? null };
    }
    return { isFound: false, open: null };
  }
}

/** Whether a task matches a filter, as `tasksMeant` has it in SQL. */
function isMeant(task: Task, filter: TaskFilter, { subjects }: MemoryTables): boolean {
  const { projectId, tag, subject, requestId, states, task: name, changesSince, since, until } = filter;
  const isAbout = task.subject === subject || subjects.get(task.uuid)?.has(subject ?? '') === true;
  return (
    (projectId === null || task.projectId === projectId) &&
    (tag === undefined || task.tag === tag) &&
    (states === undefined || states.includes(task.state)) &&
    (name === undefined || task.task === name) &&
    (changesSince === undefined || task.lastUpdated >= changesSince) &&
    (subject === undefined || isAbout) &&
    (requestId === undefined || [task.requestId, task.globalRequestId].includes(requestId)) &&
    (since === undefined || task.startTime >= since) &&
    (until === undefined || task.startTime <= until) &&
    (filter.search === undefined || isSearched(task, filter.search, subjects.get(task.uuid)))
  );
}

/** Whether a search finds a task, as `searched` has it in SQL. */
function isSearched(task: Task, search: string, others: ReadonlySet<string> = new Set()): boolean {
  const { uuid } = rangesOf(search);
  const ids = [task.subject, task.requestId, task.globalRequestId, task.userId, ...others];
  return (
    task.tag?.startsWith(search) === true ||
    ids.some((id) => id !== null && tagFromText(id).startsWith(search)) ||
    (uuid !== null && isUuidWithin(task.uuid, uuid))
  );
}
