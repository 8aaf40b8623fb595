import { Inject } from '@nestjs/common';
import type { DataSource, EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';

/** The data source that tasks are in: the host's default one, or the one that the module was given. */
export const TASKS_DATA_SOURCE = Symbol('TASKS_DATA_SOURCE');

/** Injects the data source that tasks are in. */
export const InjectTasksDataSource = (): ParameterDecorator => Inject(TASKS_DATA_SOURCE);

/**
 * What a data source knows of an entity of the module.
 *
 * @throws Error when it does not know it, or under two names
 */
export function knownEntity(dataSource: DataSource, entity: EntityTarget<ObjectLiteral>): EntityMetadata {
  const [known, another] = dataSource.entityMetadatas.filter(({ target }) => target === entity);
  if (known === undefined) {
    throw new Error(
      'The data source does not know the entities of the tasks module: add TASKS_ENTITIES, or what tasksEntities() ' +
        'gives, to its `entities`; or let it load them by itself (`autoLoadEntities`).',
    );
  }
  if (another !== undefined && another.tablePath !== known.tablePath) {
    throw new Error(
      `The data source knows the entities of the tasks module twice, as ${known.tablePath} and ${another.tablePath}: ` +
        'give the module, and the `entities`, the same tablePrefix.',
    );
  }
  return known;
}
