import type { DataSource } from 'typeorm';
import { type Key, uuidBytes } from '../../storage/bytes.js';
import type { Range } from '../../storage/id-ranges.js';
import { idBytes } from '../../storage/packed-ids.js';
import { sqlName } from '../../storage/sql-name.js';
import type { Statement } from '../../storage/statement.js';
import { storageOf } from '../../storage/storage-of.js';
import type { Row } from '../../storage/storage.js';
import { TaskDuplicates } from '../duplicates/task-duplicates.entity.js';
import { indexName } from '../tables/index-name.js';
import { TaskColumns } from '../tables/task-columns.js';
import { TaskSubject } from '../tables/task-subject.entity.js';
import { Task } from '../task.entity.js';

/** The tables and indexes of tasks as SQL names them, and SELECTs of them. Each `?` of a text is one parameter. */
export class TaskSql {
  readonly tasks: string;
  readonly subjects: string;
  private readonly columns: TaskColumns;
  private readonly duplicates: string;

  constructor(private readonly dataSource: DataSource) {
    this.columns = new TaskColumns(dataSource);
    this.tasks = sqlName(dataSource, Task);
    this.subjects = sqlName(dataSource, TaskSubject);
    this.duplicates = sqlName(dataSource, TaskDuplicates);
  }

  /** The tasks of a SELECT's FROM and WHERE, newest first, with their duplicates. */
  async find(from: string, where: Statement, limit: number): Promise<Task[]> {
    const sql =
      `SELECT ${this.columns.names.join(', ')}, refused, answered, last_at ` +
      `FROM ${from} LEFT JOIN ${this.duplicates} ON task_uuid = uuid ` +
      `WHERE ${where.sql} ORDER BY uuid DESC LIMIT ?`;
    const rows = await this.select({ sql, parameters: [...where.parameters, limit] });
    return rows.map((row) => this.found(row));
  }

  select(statement: Statement): Promise<Row[]> {
    return storageOf(this.dataSource).select(statement);
  }

  /** What makes a database read a table by an index, after the table's name. */
  by(entity: typeof Task | typeof TaskSubject, index: string): string {
    const name = index === 'PRIMARY' ? index : indexName(this.dataSource, entity, index);
    return storageOf(this.dataSource).byIndex(name);
  }

  /** What makes a database read an index that has these columns, at the end of a SELECT. */
  inOrderOf(columns: readonly string[]): string {
    return storageOf(this.dataSource).inOrderOf(columns);
  }

  /** The projects that have tasks, as their stored ids; `null` if there are too many for a list. */
  async projects(most: number): Promise<Key[] | null> {
    const projects = await storageOf(this.dataSource).distinct(this.tasks, 'project_id', most + 1);
    return projects.length > most ? null : projects;
  }

  private found(row: Row): Task {
    const task = this.columns.task(row);
    const { refused, answered, last_at: lastAt } = row;
    task.duplicates = {
      refused: Number(refused ?? 0),
      answered: Number(answered ?? 0),
      lastAt: lastAt === null ? null : Number(lastAt),
    };
    return task;
  }
}

/** Several SELECTs of one column `found` as one; each keeps its own order and limit. */
export function union(parts: readonly Statement[]): Statement {
  const selects = parts.map(({ sql }, n) => `SELECT found FROM (${sql}) part${n}`);
  return { sql: selects.join(' UNION ALL '), parameters: parts.flatMap(({ parameters }) => parameters) };
}

/** Conditions that all hold. */
export function all(conditions: readonly (Statement | null)[]): Statement {
  const held = conditions.filter((one) => one !== null);
  return {
    sql: held.map(({ sql }) => `(${sql})`).join(' AND ') || '1 = 1',
    parameters: held.flatMap(({ parameters }) => parameters),
  };
}

/** The condition for a column with one of some values. */
export function oneOf(column: string, values: readonly unknown[]): Statement {
  return { sql: `${column} IN (${values.map(() => '?').join(', ') || 'NULL'})`, parameters: [...values] };
}

/** The condition for tasks of a project; `null` for those of all. */
export function ofProject(projectId: string | null): Statement | null {
  return projectId === null ? null : oneOf('project_id', [idBytes(projectId)]);
}

/** The condition for a column of bytes in a range. */
export function within(column: string, [from, before]: Range): Statement {
  return { sql: `${column} >= ? AND ${column} < ?`, parameters: [from, before] };
}

/** The condition for uuids between two; a bound that is left out is none. */
export function between({ from, before }: { from?: string; before?: string }): Statement {
  return all([
    from === undefined ? null : { sql: 'uuid >= ?', parameters: [uuidBytes(from)] },
    before === undefined ? null : { sql: 'uuid < ?', parameters: [uuidBytes(before)] },
  ]);
}
