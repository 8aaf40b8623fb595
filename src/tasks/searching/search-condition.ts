import type { Statement } from '../../storage/statement.js';
import { rangesOf } from './prefix.js';
import { type TaskSql, within } from './task-sql.js';

/** The columns of a task that are searched. */
const COLUMNS = ['tag', 'subject', 'request_id', 'global_request_id', 'user_id'];

/** The condition for a task that a search means. */
export function searched(search: string, sql: TaskSql): Statement {
  const { ids, uuid } = rangesOf(search);
  const any = [
    ...ids.flatMap((range) => COLUMNS.map((column) => within(column, range))),
    ...(uuid === null ? [] : [within('uuid', uuid)]),
    ...ids.map((range) => {
      const shared = within('s.subject', range);
      return {
        sql: `EXISTS (SELECT 1 FROM ${sql.subjects} s WHERE s.task_uuid = uuid AND ${shared.sql})`,
        parameters: shared.parameters,
      };
    }),
  ];
  return {
    sql: any.map((one) => `(${one.sql})`).join(' OR '),
    parameters: any.flatMap(({ parameters }) => parameters),
  };
}
