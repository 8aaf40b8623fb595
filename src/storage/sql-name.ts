import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';

/** The name of an entity's table as SQL takes it: quoted, and under its schema when it has one. */
export function sqlName(dataSource: DataSource, entity: EntityTarget<ObjectLiteral>): string {
  const { tablePath } = dataSource.getMetadata(entity);
  return tablePath
    .split('.')
    .map((part) => dataSource.driver.escape(part))
    .join('.');
}
