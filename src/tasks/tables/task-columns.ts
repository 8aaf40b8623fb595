import type { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { Row } from '../../storage/storage.js';
import { Task } from '../task.entity.js';

/** A column, and how its values are stored; `null` for most, whose values are stored as they are. */
interface StoredColumn {
  property: keyof Task;
  name: string;
  to: ((value: unknown) => unknown) | null;
  from: ((value: unknown) => unknown) | null;
}

/**
 * Turns tasks into rows, and rows into tasks, by the columns of the entity. TypeORM would examine every value of every
 * column each time, though most are stored as they are.
 */
export class TaskColumns {
  readonly names: readonly string[];
  /** The columns' types, as the database calls them. */
  readonly types: ReadonlyMap<string, string>;
  private readonly columns: readonly StoredColumn[];
  private readonly byProperty: ReadonlyMap<string, StoredColumn>;

  constructor(dataSource: DataSource) {
    const { columns } = dataSource.getMetadata(Task);
    this.columns = columns.map(storedColumn);
    this.types = new Map(
      columns.map((column) => [column.databaseName, dataSource.driver.normalizeType(column)]),
    );
    this.byProperty = new Map(this.columns.map((column) => [column.property, column]));
    this.names = this.columns.map(({ name }) => name);
  }

  /** The values of a task, in the order of the columns. */
  row(task: Task): unknown[] {
    return this.columns.map(({ property, to }) => (to === null ? task[property] : to(task[property])));
  }

  /** New values of a task by their columns; columns that are left out do not change. */
  values(changes: Partial<Task>): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const property in changes) {
      const { name, to } = this.byProperty.get(property) as StoredColumn;
      const value = changes[property as keyof Task];
      if (value !== undefined) values[name] = to === null ? value : to(value);
    }
    return values;
  }

  /** The task in a row. */
  task(row: Row): Task {
    const task = new Task() as unknown as Record<string, unknown>;
    for (const { property, name, from } of this.columns) {
      task[property] = from === null ? row[name] : from(row[name]);
    }
    return task as unknown as Task;
  }
}

function storedColumn({ propertyName, databaseName, transformer, type }: ColumnMetadata): StoredColumn {
  const column = { property: propertyName as keyof Task, name: databaseName };
  if (type === 'simple-json') {
    return {
      ...column,
      to: (value) => (value === null ? null : JSON.stringify(value)),
      from: (value) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : value),
    };
  }
  if (transformer === undefined) return { ...column, to: null, from: null };
  if (Array.isArray(transformer)) throw new Error(`The column ${databaseName} has several transformers.`);
  return {
    ...column,
    to: (value) => transformer.to(value) as unknown,
    from: (value) => transformer.from(value) as unknown,
  };
}
