import { Inject } from '@nestjs/common';
import type { DataSource, EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';
import { openOwn } from '../../storage/own-connections/own-connections.js';
import { Task } from '../task.entity.js';
import { TASKS_ENTITIES, tablePrefixOf, tasksEntities } from './tasks-entities.js';

/** The data source that reads and writes tasks: the module's own, for the tables in the host's. */
export const TASKS_DATA_SOURCE = Symbol('TASKS_DATA_SOURCE');

/**
 * The host's own data source, in which its handlers do their work. Nest's error names it when the host has not imported
 * `TypeOrmModule.forRoot()`, or under another name than the module's option `dataSource` says.
 */
export const HOST_DATA_SOURCE = Symbol("TasksModule's option dataSource");

/** Injects the data source that reads and writes tasks. */
export const InjectTasksDataSource = (): ParameterDecorator => Inject(TASKS_DATA_SOURCE);

/**
 * Opens the module's own connections to the tables that a host's data source knows. It closes them at the end of a stop
 * (`requests/end-of-stop.ts`).
 *
 * @throws Error when the data source does not know the module's entities, or names their columns differently
 */
export async function openTasksDataSource(
  host: DataSource,
  { connections }: { connections: number },
): Promise<DataSource> {
  for (const entity of TASKS_ENTITIES) checkColumns(knownEntity(host, entity));
  const tablePrefix = tablePrefixOf(knownEntity(host, Task));
  return openOwn(host, { connections, entities: tasksEntities({ tablePrefix }) });
}

/** Checks the names of columns: the migrations, and the hand-written statements, use those of the entities. */
function checkColumns({ columns, tableName }: EntityMetadata): void {
  for (const { givenDatabaseName, propertyName, databaseName } of columns) {
    const name = givenDatabaseName ?? propertyName;
    if (databaseName === name) continue;
    throw new Error(
      `The data source's naming strategy calls the column ${name} of the table ${tableName} ${databaseName}: it must ` +
        'keep the column names given in the entities of TasksModule.',
    );
  }
}

/**
 * The metadata of one of the module's entities in a data source.
 *
 * @throws Error when the data source does not know the entity, or knows it under two names
 */
export function knownEntity(dataSource: DataSource, entity: EntityTarget<ObjectLiteral>): EntityMetadata {
  const [known, another] = dataSource.entityMetadatas.filter(({ target }) => target === entity);
  if (known === undefined) {
    throw new Error(
      'The data source does not know the entities of TasksModule: add TASKS_ENTITIES, or the result of tasksEntities(), ' +
        'to its `entities`; or let it load them by itself (`autoLoadEntities`).',
    );
  }
  if (another !== undefined && another.tablePath !== known.tablePath) {
    throw new Error(
      `The data source knows the entities of TasksModule twice, as ${known.tablePath} and ${another.tablePath}: ` +
        'give it, and the `entities`, the same tablePrefix.',
    );
  }
  return known;
}
