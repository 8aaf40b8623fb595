import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';

/** The name of an entity's table for SQL: quoted, and with its schema if it has one. */
export function sqlName(dataSource: DataSource, entity: EntityTarget<ObjectLiteral>): string {
  const { tablePath } = dataSource.getMetadata(entity);
  return tablePath
    .split('.')
    .map((part) => dataSource.driver.escape(part))
    .join('.');
}
