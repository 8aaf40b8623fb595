import type { Type } from '@nestjs/common';
import {
  type EntityMetadata,
  EntitySchema,
  type EntitySchemaColumnOptions,
  getMetadataArgsStorage,
} from 'typeorm';
import { TaskAnswer } from '../answers/task-answer.entity.js';
import { TaskDuplicates } from '../duplicates/task-duplicates.entity.js';
import { TaskProcess } from '../following/task-process.entity.js';
import { LostAnswer } from '../lost-answers/lost-answer.entity.js';
import { TagOwner } from '../recording/tag-owner.entity.js';
import { Task } from '../task.entity.js';
import { TaskRequester } from '../searching/task-requester.entity.js';
import { TaskSubject } from './task-subject.entity.js';

/** The entities that the host's data source must know; one that loads entities by itself finds them. */
export const TASKS_ENTITIES: Type[] = [
  ...[Task, TaskSubject, TagOwner, TaskAnswer, TaskProcess, LostAnswer],
  ...[TaskDuplicates, TaskRequester],
];

/** The names of the module's tables. */
export interface TasksEntitiesOptions {
  /**
   * The prefix of the names of the tables and their indexes: at most 40 letters, digits and underscores.
   * @default none
   */
  tablePrefix?: string;
}

const made = new Map<string, EntitySchema[]>();

/**
 * The same entities in tables with other names, such as `shop_tasks`. Give the module the same prefix; migrations take
 * the names from the data source.
 *
 * @throws TypeError for an invalid prefix
 */
export function tasksEntities({ tablePrefix = '' }: TasksEntitiesOptions = {}): (Type | EntitySchema)[] {
  if (tablePrefix === '') return TASKS_ENTITIES;
  if (!/^\w{1,40}$/.test(tablePrefix))
    throw new TypeError('tablePrefix must be at most 40 letters, digits and underscores.');
  // The same entities each time: a data source would treat copies as other tables.
  const entities = made.get(tablePrefix) ?? TASKS_ENTITIES.map((entity) => renamed(entity, tablePrefix));
  made.set(tablePrefix, entities);
  return entities;
}

/** The prefix that an entity's table has in a data source. */
export function tablePrefixOf({ target, givenTableName = '' }: EntityMetadata): string {
  const usual = getMetadataArgsStorage().tables.find((of) => of.target === target)?.name ?? '';
  return givenTableName.slice(0, givenTableName.length - usual.length);
}

/** The entity as its decorators define it, for a table with another name. */
function renamed(target: Type, prefix: string): EntitySchema {
  const storage = getMetadataArgsStorage();
  const table = storage.tables.find((of) => of.target === target);
  const columns = storage.filterColumns(target).map(({ propertyName, options }) => {
    const { type = 'varchar', name, length, nullable, primary, transformer } = options;
    const column: EntitySchemaColumnOptions = { type, name, length, nullable, primary, transformer };
    return [propertyName, column] as const;
  });
  return new EntitySchema({
    target,
    name: target.name,
    tableName: `${prefix}${table?.name}`,
    columns: Object.fromEntries(columns),
    indices: storage.filterIndices(target).map(({ name, columns: of, unique, where }) => ({
      name: `${prefix}${name}`,
      columns: of as string[],
      unique,
      where,
    })),
  });
}
