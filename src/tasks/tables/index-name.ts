import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';

/** The name of an index, which may have the host's prefix. */
export function indexName(
  dataSource: DataSource,
  entity: EntityTarget<ObjectLiteral>,
  usual: string,
): string {
  const { indices } = dataSource.getMetadata(entity);
  return indices.find(({ name }) => name.endsWith(usual))?.name ?? usual;
}
