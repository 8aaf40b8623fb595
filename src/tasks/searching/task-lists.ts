import { uuidOf } from '../../storage/bytes.js';
import type { Statement } from '../../storage/statement.js';
import { Task } from '../task.entity.js';
import { type TaskFilter, tasksMeant, uuidsOf } from '../task.filter.js';
import { TASK_STATES, type TaskState } from '../task.states.js';
import type { Candidates, Found } from './candidates.js';
import { searched } from './search-condition.js';
import { all, between, oneOf, ofProject, type TaskSql, union } from './task-sql.js';

/** How many of the newest tasks are looked through for a page at first. */
const FIRST = 500;

/** How many more, if those do not fill it, and no index has found them. */
const MORE = 2000;

/** No count goes further; so many of the newest tasks of each state are looked through, where no index can count. */
export const COUNTS_LIMIT = 1000;

/** The most tasks of a tag or a subject that are counted. */
const MOST_COUNTED = 10_000;

/** A page of tasks, newest first. */
export interface TaskList {
  tasks: Task[];
  /** After which task the next page begins; `null` on the last one. */
  next: string | null;
}

/** How many tasks there are of each state; no count goes further than `COUNTS_LIMIT`. */
export type TaskCounts = Record<TaskState, number>;

/**
 * Lists and counts tasks. What an index finds is found by it, each in a SELECT of its own: next to an OR, a database would
 * read all tasks. What none finds is looked for among the newest tasks, a limited number at a time: such a page may be
 * short, or empty, and still have a next one.
 */
export class TaskLists {
  constructor(
    private readonly sql: TaskSql,
    private readonly candidates: Candidates,
  ) {}

  /** @param before only tasks before this one */
  async page(filter: TaskFilter, before: string | undefined, limit: number): Promise<TaskList> {
    if (isByState(filter)) {
      const newest = this.newest(filter, before, limit + 1);
      return pageOf(await this.among(newest, tasksMeant(filter, []), limit + 1), limit, null);
    }
    const found = await this.candidates.of(filter);
    const where = this.condition(filter, found);
    const tasks: Task[] = [];
    let end = before ?? null;
    for (const size of [FIRST, found?.count ?? MORE]) {
      const from = end ?? undefined;
      const newest = found?.newest(from, size) ?? this.newest(filter, from, size);
      tasks.push(...(await this.among(newest, where, limit + 1 - tasks.length)));
      if (tasks.length > limit || (found !== null && found.count <= size)) return pageOf(tasks, limit, null);
      const { count, last } = await this.endOf(newest);
      if (count < size) return pageOf(tasks, limit, null);
      end = last;
    }
    return pageOf(tasks, limit, end);
  }

  async counts({ states: _, ...filter }: TaskFilter): Promise<TaskCounts> {
    if (isByState(filter)) {
      return this.countEach((state) => {
        const { sql, parameters } = this.ofState(state, filter, undefined, COUNTS_LIMIT);
        return { sql: `(${sql}) newest`, parameters };
      });
    }
    const found = await this.candidates.of(filter);
    const where = this.condition(filter, found);
    if (found !== null) return this.countAmong(found.all, where);
    return this.countEach((state) => {
      const { sql, parameters } = this.ofState(state, filter, undefined, COUNTS_LIMIT);
      return {
        sql: `(${sql}) newest JOIN ${this.sql.tasks} ON uuid = found WHERE ${where.sql}`,
        parameters: [...parameters, ...where.parameters],
      };
    });
  }

  /** @param where the condition for the tasks of a tag or a subject, by an index */
  countOf(where: Statement): Promise<TaskCounts> {
    const { sql, parameters } = where;
    return this.counted({
      sql:
        `SELECT state, COUNT(*) AS n FROM (SELECT state FROM ${this.sql.tasks} WHERE ${sql} LIMIT ?) of_one ` +
        'GROUP BY state',
      parameters: [...parameters, MOST_COUNTED],
    });
  }

  /** @param from the FROM and WHERE of the tasks of a state */
  private countEach(from: (state: TaskState) => Statement): Promise<TaskCounts> {
    const parts = TASK_STATES.map((state) => ({ state, ...from(state) }));
    return this.counted({
      sql: parts
        .map(({ state, sql }) => `SELECT '${state}' AS state, COUNT(*) AS n FROM ${sql}`)
        .join(' UNION ALL '),
      parameters: parts.flatMap(({ parameters }) => parameters),
    });
  }

  private async counted(statement: Statement): Promise<TaskCounts> {
    const rows = await this.sql.select(statement);
    const found = new Map(rows.map((row) => [row['state'], Number(row['n'])]));
    return countsOf((state) => found.get(state) ?? 0);
  }

  /** What indexes have found is not searched again. */
  private condition(filter: TaskFilter, found: Found | null): Statement {
    const { search } = filter;
    const isSearched = search !== undefined && found === null;
    return all([tasksMeant(filter, []), isSearched ? searched(search, this.sql) : null]);
  }

  private among(newest: Statement, where: Statement, limit: number): Promise<Task[]> {
    const from = `(${newest.sql}) newest JOIN ${this.sql.tasks} ON uuid = found`;
    const parameters = [...newest.parameters, ...where.parameters];
    return this.sql.find(from, { sql: where.sql, parameters }, limit);
  }

  private countAmong(all: Statement, where: Statement): Promise<TaskCounts> {
    return this.counted({
      sql:
        `SELECT state, COUNT(*) AS n FROM (${all.sql}) candidates JOIN ${this.sql.tasks} ON uuid = found ` +
        `WHERE ${where.sql} GROUP BY state`,
      parameters: [...all.parameters, ...where.parameters],
    });
  }

  /** The newest tasks of a project, or of all. */
  private newest(filter: TaskFilter, before: string | undefined, size: number): Statement {
    if (filter.projectId === null) {
      const { sql, parameters } = between(uuidsOf(filter, { before }));
      const from = `${this.sql.tasks}${this.sql.by(Task, 'PRIMARY')}`;
      return {
        sql: `SELECT uuid AS found FROM ${from} WHERE ${sql} ORDER BY uuid DESC LIMIT ?`,
        parameters: [...parameters, size],
      };
    }
    const states = filter.states ?? TASK_STATES;
    const each = union([...new Set(states)].map((state) => this.ofState(state, filter, before, size)));
    return {
      sql: `SELECT found FROM (${each.sql}) each_state ORDER BY found DESC LIMIT ?`,
      parameters: [...each.parameters, size],
    };
  }

  /** The newest tasks of a project in a state; of all projects, some. */
  private ofState(state: TaskState, filter: TaskFilter, before: string | undefined, size: number): Statement {
    const { projectId } = filter;
    const { sql, parameters } = all([
      oneOf('state', [state]),
      ofProject(projectId),
      between(uuidsOf(filter, { before })),
    ]);
    const order =
      projectId === null ? this.sql.inOrderOf(['state', 'project_id', 'uuid']) : ' ORDER BY uuid DESC';
    return {
      sql: `SELECT uuid AS found FROM ${this.sql.tasks}${this.sql.by(Task, 'tasks_by_state')} WHERE ${sql}${order} LIMIT ?`,
      parameters: [...parameters, size],
    };
  }

  private async endOf({ sql, parameters }: Statement): Promise<{ count: number; last: string | null }> {
    const [row] = await this.sql.select({
      // Not MIN, which older versions of PostgreSQL do not know for bytes.
      sql: `SELECT COUNT(*) OVER () AS n, found FROM (${sql}) newest ORDER BY found LIMIT 1`,
      parameters,
    });
    return row === undefined
      ? { count: 0, last: null }
      : { count: Number(row['n']), last: uuidOf(row['found']) };
  }
}

function countsOf(count: (state: TaskState) => number): TaskCounts {
  const counts = TASK_STATES.map((state) => [state, Math.min(count(state), COUNTS_LIMIT)]);
  return Object.fromEntries(counts) as TaskCounts;
}

/** Whether a filter asks for nothing but states of a project, or for all tasks: an index has these in their order. */
function isByState({ projectId, states, ...others }: TaskFilter): boolean {
  const isAlone = Object.values(others).every((value) => value === undefined);
  return isAlone && (projectId !== null || states === undefined);
}

/** @param end where a search has ended that has not found them all */
function pageOf(tasks: Task[], limit: number, end: string | null): TaskList {
  const page = tasks.slice(0, limit);
  return { tasks: page, next: tasks.length > limit ? (page.at(-1)?.uuid ?? null) : end };
}
