import type { EntityTarget, ObjectLiteral, QueryRunner } from 'typeorm';
import { knownEntity } from '../tasks-data-source.js';

/** The names that a data source gives to one of the module's tables. */
export interface TableNames {
  /** The table, with its schema if it has one. */
  table: string;
  /** An index, by its usual name. */
  index: (usual: string) => string;
}

/** The names from the data source's entities: the host may have given them a prefix, or a schema. */
export function tableNames(runner: QueryRunner, entity: EntityTarget<ObjectLiteral>): TableNames {
  const { tablePath, indices } = knownEntity(runner.dataSource, entity);
  return {
    table: tablePath,
    index: (usual) => indices.find(({ name }) => name.endsWith(usual))?.name ?? usual,
  };
}
