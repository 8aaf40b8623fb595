import type { Statement } from '../../storage/statement.js';
import { type Range, rangesOf } from './prefix.js';
import type { TaskSql } from './task-sql.js';

/** The condition for a task that a search means. */
export function searched(search: string, sql: TaskSql): Statement {
  const { tag, id, uuid } = rangesOf(search);
  const shared = sql.within('s.subject', id);
  const any = [
    sql.within('tag', tag),
    ...['subject', 'request_id', 'global_request_id', 'user_id'].map((column) => sql.within(column, id)),
    ...(uuid === null ? [] : [uuidWithin(uuid)]),
    {
      sql: `EXISTS (SELECT 1 FROM ${sql.subjects} s WHERE s.task_uuid = uuid AND ${shared.sql})`,
      parameters: shared.parameters,
    },
  ];
  return {
    sql: any.map((one) => `(${one.sql})`).join(' OR '),
    parameters: any.flatMap(({ parameters }) => parameters),
  };
}

/** The condition for a task whose uuid is in a range: its index has the usual order. */
export function uuidWithin([from, before]: Range<Buffer>): Statement {
  return { sql: 'uuid >= ? AND uuid < ?', parameters: [from, before] };
}
