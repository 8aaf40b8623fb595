import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { uuidOf } from '../storage/bytes.js';
import { onMaster } from '../storage/on-master.js';
import { idBytes, idOf } from '../storage/packed-ids.js';
import type { Statement } from '../storage/statement.js';
import { Candidates } from './searching/candidates.js';
import { Requesters } from './searching/requesters.js';
import { type TaskCounts, type TaskList, TaskLists } from './searching/task-lists.js';
import { TaskSql } from './searching/task-sql.js';
import { InjectTasksDataSource } from './tables/tasks-data-source.js';
import type { Tag } from './tag.js';
import { Task } from './task.entity.js';
import { assertSubject, type TaskFilter, type TaskPlace, tasksMeant } from './task.filter.js';

/** The most projects that are listed in a look-up over all of them. */
const MOST_PROJECTS = 1000;

/**
 * Looks up tasks in the tables of a database. The SQL is written by hand, like the recorder's: look-ups are as frequent.
 */
@Injectable()
export class TaskLookUps {
  private readonly sql: TaskSql;
  private readonly lists: TaskLists;

  constructor(
    @InjectTasksDataSource() private readonly dataSource: DataSource,
    requesters: Requesters,
  ) {
    this.sql = new TaskSql(dataSource);
    this.lists = new TaskLists(this.sql, new Candidates(this.sql, requesters));
  }

  /** Tasks that match a filter, newest first. */
  async find(filter: TaskFilter, place: TaskPlace, limit: number): Promise<Task[]> {
    return this.sql.find(this.sql.tasks, await this.meant(filter, place), limit);
  }

  /** A page of the tasks that match a filter. */
  async page(filter: TaskFilter, before: string | undefined, limit: number): Promise<TaskList> {
    if (!isOfTagOrSubject(filter)) return this.lists.page(filter, before, limit);
    // One more than asked for shows whether there is a next page.
    const tasks = await this.find(filter, { before }, limit + 1);
    const page = tasks.slice(0, limit);
    return { tasks: page, next: tasks.length > limit ? (page.at(-1)?.uuid ?? null) : null };
  }

  /** How many tasks match a filter, by their states, whatever states it asks for. */
  async counts({ states: _, ...filter }: TaskFilter): Promise<TaskCounts> {
    if (!isOfTagOrSubject(filter)) return this.lists.counts(filter);
    return this.lists.countOf(await this.meant(filter, {}));
  }

  /** A task of any project, as it was last written. */
  newest(uuid: string): Promise<Task | null> {
    return onMaster(this.dataSource, (manager) => manager.findOneBy(Task, { uuid }));
  }

  /** The subjects of the tasks of a tag, at most `limit` of them. */
  async subjectsOf(projectId: string, tag: Tag, limit: number): Promise<string[]> {
    const { sql: meant, parameters } = tasksMeant({ projectId, tag }, []);
    const subjects = new Set<string>();
    for (const sql of [
      `SELECT DISTINCT subject FROM ${this.sql.tasks} WHERE ${meant} AND subject IS NOT NULL LIMIT ?`,
      `SELECT DISTINCT subject FROM ${this.sql.subjects} ` +
        `WHERE task_uuid IN (SELECT uuid FROM ${this.sql.tasks} WHERE ${meant}) LIMIT ?`,
    ]) {
      const rows = await this.sql.select({ sql, parameters: [...parameters, limit] });
      for (const row of rows) subjects.add(idOf(row['subject'] as Buffer));
    }
    return [...subjects].slice(0, limit);
  }

  private async meant(filter: TaskFilter, place: TaskPlace): Promise<Statement> {
    const { tag, subject, projectId } = filter;
    const isOverAll = projectId === null && place.uuid === undefined;
    const projects = isOverAll && (tag !== undefined || subject !== undefined) ? await this.projects() : {};
    return tasksMeant(filter, await this.shared(filter), { ...place, ...projects });
  }

  /** All projects, so that an index is used that begins with them. */
  private async projects(): Promise<Pick<TaskPlace, 'projects'>> {
    const projects = await this.sql.projects(MOST_PROJECTS);
    return projects === null ? {} : { projects };
  }

  /** The tasks that have a filter's subject besides another one. */
  private async shared({ subject }: TaskFilter): Promise<string[]> {
    if (subject === undefined) return [];
    assertSubject(subject);
    const sql = `SELECT task_uuid FROM ${this.sql.subjects} WHERE subject = ?`;
    const rows = await this.sql.select({ sql, parameters: [idBytes(subject)] });
    return rows.map((row) => uuidOf(row['task_uuid']));
  }
}

/** Whether a filter names a tag or a subject, whose few tasks are in the order of an index. */
function isOfTagOrSubject({ tag, subject, search }: TaskFilter): boolean {
  return search === undefined && (tag !== undefined || subject !== undefined);
}
