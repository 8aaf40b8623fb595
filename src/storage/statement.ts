/** An SQL statement with its parameters. */
export interface Statement {
  sql: string;
  parameters: unknown[];
  /** The number of rows that it must change; otherwise none of the statements is committed. */
  mustChange?: number;
}

/** Anything that can return its SQL: TypeORM's query builders. */
interface QueryBuilder {
  getQueryAndParameters(): [string, unknown[]];
}

/** The statement of a query builder. */
export function statement(builder: QueryBuilder, mustChange?: number): Statement {
  const [sql, parameters] = builder.getQueryAndParameters();
  return { sql, parameters, mustChange };
}
