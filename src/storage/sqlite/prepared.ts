import type Database from 'better-sqlite3';

/** How many statements of a connection are kept. Most have one of a few texts; those with long lists have many. */
const KEPT = 200;

const kept = new WeakMap<Database.Database, Map<string, Database.Statement<unknown[]>>>();

/** A statement, prepared now or before: to prepare one takes longer than to find a task by it. */
export function prepared(database: Database.Database, sql: string): Database.Statement<unknown[]> {
  const statements = kept.get(database) ?? new Map<string, Database.Statement<unknown[]>>();
  if (statements.size === 0) kept.set(database, statements);
  let statement = statements.get(sql);
  if (statement !== undefined) return statement;
  const [oldest] = statements.size < KEPT ? [] : statements.keys();
  if (oldest !== undefined) statements.delete(oldest);
  statements.set(sql, (statement = database.prepare(sql)));
  return statement;
}
