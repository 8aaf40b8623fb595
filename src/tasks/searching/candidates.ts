import { uuidBytes } from '../../storage/bytes.js';
import type { Range } from '../../storage/id-ranges.js';
import { idBytes } from '../../storage/packed-ids.js';
import type { Statement } from '../../storage/statement.js';
import { TaskSubject } from '../tables/task-subject.entity.js';
import { Task } from '../task.entity.js';
import { type TaskFilter, uuidsOf } from '../task.filter.js';
import { TASK_STATES } from '../task.states.js';
import { rangesOf } from './prefix.js';
import type { Requesters } from './requesters.js';
import { all, between, oneOf, ofProject, type TaskSql, union, within } from './task-sql.js';

/** The most tasks that one index may find: more would take the database too long to read and sort. */
const MOST = 10_000;

/** The most projects that a search over all of them lists. */
const MOST_PROJECTS = 1000;

/** The columns of each index of tasks. */
const INDEXES = {
  PRIMARY: ['uuid'],
  tasks_by_state: ['state', 'project_id', 'uuid'],
  tasks_by_tag: ['project_id', 'tag', 'uuid'],
  tasks_by_subject: ['project_id', 'subject', 'uuid'],
  tasks_by_request: ['request_id', 'uuid'],
  tasks_by_global_request: ['global_request_id', 'uuid'],
} as const;

/** A SELECT of some tasks' uuids, as `found`: the newest ones, or the newest before one of them. */
export type Newest = (before: string | undefined, size: number) => Statement;

/** The tasks that indexes find. */
export interface Found {
  /** No fewer than there are: what two indexes find counts twice. */
  count: number;
  newest: Newest;
  /** A SELECT of all their uuids, as `found`. */
  all: Statement;
}

/** Finds the tasks that a search, a request id or an operator's states mean, each by its own index. */
export class Candidates {
  constructor(
    private readonly sql: TaskSql,
    private readonly requesters: Pick<Requesters, 'hasUser'>,
  ) {}

  /**
   * The tasks that match the search of a filter, or its request id, or its states; of them, those are meant that match the
   * rest of it.
   *
   * @returns `null` when an index finds too many, or none can
   */
  async of(filter: TaskFilter): Promise<Found | null> {
    const parts = await this.parts(filter, between(uuidsOf(filter, {})));
    if (parts === null || parts.length === 0) return null;
    const selects = parts.map(({ sql }, n) => `SELECT COUNT(*) AS n FROM (${sql}) counted${n}`);
    const rows = await this.sql.select({
      sql: selects.join(' UNION ALL '),
      parameters: parts.flatMap(({ parameters }) => parameters),
    });
    const counts = rows.map((row) => Number(row['n']));
    if (Math.max(...counts) > MOST) return null;
    const { sql, parameters } = union(parts);
    return {
      count: counts.reduce((sum, count) => sum + count),
      newest: (before, size) => {
        const ofEach = union(parts.map((part) => newestOf(part, before, size)));
        return newestOf(ofEach, undefined, size);
      },
      all: { sql: `SELECT DISTINCT found FROM (${sql}) found_by_index`, parameters },
    };
  }

  /** One SELECT for each index; `null` when there is something that no index finds. */
  private async parts(filter: TaskFilter, uuids: Statement): Promise<Statement[] | null> {
    const { projectId, search, requestId, states } = filter;
    if (requestId !== undefined) return this.ofRequest(projectId, requestId, uuids);
    if (search !== undefined) return this.ofSearch(projectId, search, uuids);
    // Of one project, they are found in their order.
    if (projectId !== null || states === undefined) return [];
    return states.map((state) => this.by('tasks_by_state', [oneOf('state', [state]), uuids]));
  }

  private ofRequest(projectId: string | null, requestId: string, uuids: Statement): Statement[] {
    const project = ofProject(projectId);
    const id = [idBytes(requestId)];
    return [
      this.by('tasks_by_request', [oneOf('request_id', id), project, uuids]),
      this.by('tasks_by_global_request', [oneOf('global_request_id', id), project, uuids]),
    ];
  }

  private async ofSearch(
    projectId: string | null,
    search: string,
    uuids: Statement,
  ): Promise<Statement[] | null> {
    const { ids, uuid } = rangesOf(search);
    const projects = projectId === null ? await this.sql.projects(MOST_PROJECTS) : [idBytes(projectId)];
    // Tasks have no index of their users.
    if (projects === null || (await this.requesters.hasUser(projectId, ids))) return null;
    const project = oneOf('project_id', projects);
    return [
      ...ids.flatMap((range) => [
        this.by('tasks_by_tag', [project, within('tag', range), uuids]),
        this.by('tasks_by_subject', [project, within('subject', range), uuids]),
        this.by('tasks_by_request', [within('request_id', range), uuids]),
        this.by('tasks_by_global_request', [within('global_request_id', range), uuids]),
        this.withSharedSubject(range),
      ]),
      ...(uuid === null ? [] : this.ofUuids(projectId, uuid, uuids)),
    ];
  }

  private withSharedSubject(range: Range): Statement {
    const { sql, parameters } = within('subject', range);
    const from = `${this.sql.subjects}${this.sql.by(TaskSubject, 'task_subjects_by_subject')}`;
    const order = this.sql.inOrderOf(['subject']);
    return limited({ sql: `SELECT task_uuid AS found FROM ${from} WHERE ${sql}${order}`, parameters });
  }

  private ofUuids(projectId: string | null, range: Range, uuids: Statement): Statement[] {
    const conditions = [within('uuid', range), uuids];
    if (projectId === null) return [this.by('PRIMARY', conditions)];
    return TASK_STATES.map((state) =>
      this.by('tasks_by_state', [oneOf('state', [state]), ofProject(projectId), ...conditions]),
    );
  }

  private by(index: keyof typeof INDEXES, conditions: (Statement | null)[]): Statement {
    const { sql, parameters } = all(conditions);
    const from = `${this.sql.tasks}${this.sql.by(Task, index)}`;
    const order = this.sql.inOrderOf(INDEXES[index]);
    return limited({ sql: `SELECT uuid AS found FROM ${from} WHERE ${sql}${order}`, parameters });
  }
}

function limited({ sql, parameters }: Statement): Statement {
  return { sql: `${sql} LIMIT ?`, parameters: [...parameters, MOST + 1] };
}

function newestOf({ sql, parameters }: Statement, before: string | undefined, size: number): Statement {
  const where = before === undefined ? '' : ' WHERE found < ?';
  return {
    sql: `SELECT DISTINCT found FROM (${sql}) found_by_index${where} ORDER BY found DESC LIMIT ?`,
    parameters: [...parameters, ...(before === undefined ? [] : [uuidBytes(before)]), size],
  };
}
