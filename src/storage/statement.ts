/** An SQL statement with its parameters. */
export interface Statement {
  sql: string;
  parameters: unknown[];
  /** The number of rows that it must change; otherwise nothing of the whole is written. */
  mustChange?: number;
}

/** Anything that can give its SQL: TypeORM's query builders. */
interface QueryBuilder {
  getQueryAndParameters(): [string, unknown[]];
}

/** The statement that a query builder stands for. */
export function statement(builder: QueryBuilder, mustChange?: number): Statement {
  const [sql, parameters] = builder.getQueryAndParameters();
  return { sql, parameters, mustChange };
}
