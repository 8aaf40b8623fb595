import { Inject } from '@nestjs/common';
import type { DataSource, EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';
import { openOwn } from '../../storage/own-connections/own-connections.js';
import { Task } from '../task.entity.js';
import { TASKS_ENTITIES, tablePrefixOf, tasksEntities } from './tasks-entities.js';

/** The data source that tasks are read and written by: the module's own, for the tables of the host's. */
export const TASKS_DATA_SOURCE = Symbol('TASKS_DATA_SOURCE');

/** Injects the data source that tasks are read and written by. */
export const InjectTasksDataSource = (): ParameterDecorator => Inject(TASKS_DATA_SOURCE);

/**
 * Opens connections of the module's own to the tables that a host's data source knows. It closes them at the end of a
 * stop (`requests/end-of-stop.ts`).
 *
 * @throws Error when the data source does not know the module's entities, or calls their columns otherwise
 */
export async function openTasksDataSource(
  host: DataSource,
  { connections }: { connections: number },
): Promise<DataSource> {
  for (const entity of TASKS_ENTITIES) checkColumns(knownEntity(host, entity));
  const tablePrefix = tablePrefixOf(knownEntity(host, Task));
  return openOwn(host, { connections, entities: tasksEntities({ tablePrefix }) });
}

/** The migrations, and the statements that are written by hand, call them as the entities do. */
function checkColumns({ columns, tableName }: EntityMetadata): void {
  for (const { givenDatabaseName, propertyName, databaseName } of columns) {
    const name = givenDatabaseName ?? propertyName;
    if (databaseName === name) continue;
    throw new Error(
      `The data source's naming strategy calls the column ${name} of the table ${tableName} ${databaseName}: let it ` +
        'leave the names of columns that the entities of the tasks module give as they are.',
    );
  }
}

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
