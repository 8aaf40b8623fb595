import { Index, type ValueTransformer } from 'typeorm';
import type { IndexMetadata } from 'typeorm/metadata/IndexMetadata.js';
import type { DatabaseType, StorageKind } from './storage.js';
import { kindOf } from './storage-of.js';
import { MANY, upTo, type Width } from './width.js';

/** The transformer of a column whose type depends on the database, by which the column is known to be one. */
class TypedTransformer implements ValueTransformer {
  constructor(
    readonly typeIn: (kind: StorageKind) => DatabaseType,
    private readonly values: ValueTransformer,
  ) {}

  to(value: unknown): unknown {
    return this.values.to(value);
  }

  from(value: unknown): unknown {
    return this.values.from(value);
  }
}

/** The options of such a column, with a type that every database has, until a data source replaces it. */
interface TypedColumn {
  type: 'varchar';
  length: number;
  transformer: ValueTransformer;
}

/** A column of so many bytes, for an entity with `@HasTypedColumns()`. */
export function bytes(count: number, values: ValueTransformer): TypedColumn {
  return bytesColumn({ bytes: count, isFixed: true }, values);
}

/** A column of up to so many bytes, for an entity with `@HasTypedColumns()`. */
export function upToBytes(count: number, values: ValueTransformer): TypedColumn {
  return bytesColumn(upTo(count), values);
}

/** A column of up to 65,535 bytes, which are in no index, for an entity with `@HasTypedColumns()`. */
export function manyBytes(values: ValueTransformer): TypedColumn {
  return bytesColumn(MANY, values);
}

/** A column that has one of some texts, for an entity with `@HasTypedColumns()`. */
export function oneOfTexts(texts: readonly string[], length: number): TypedColumn {
  const typeIn = ({ choice }: StorageKind) => choice(texts, length);
  return { type: 'varchar', length, transformer: new TypedTransformer(typeIn, AS_IT_IS) };
}

const AS_IT_IS: ValueTransformer = { to: (value: unknown) => value, from: (value: unknown) => value };

function bytesColumn(width: Width, values: ValueTransformer): TypedColumn {
  const typeIn = (kind: StorageKind) => kind.bytes(width);
  return { type: 'varchar', length: width.bytes, transformer: new TypedTransformer(typeIn, values) };
}

/**
 * Gives the columns above the types that the database has for them. No two databases have the same ones, and an entity is
 * the same class for all of them.
 *
 * Of all that TypeORM calls while a data source reads its entities, only the function of an index can see the data source.
 * So there is such an index; it is left out of the schema.
 *
 * @param table makes the name of that index
 */
export function HasTypedColumns(table: string): ClassDecorator & PropertyDecorator {
  return Index(`${table}_typed`, typesOfDatabase);
}

function typesOfDatabase(this: IndexMetadata): string[] {
  const metadata = this.entityMetadata;
  this.synchronize = false;
  const kind = kindOf(metadata.dataSource);
  for (const one of metadata.columns) {
    if (kind === undefined || !(one.transformer instanceof TypedTransformer)) continue;
    const { type, length = '', choices } = one.transformer.typeIn(kind);
    one.type = type;
    one.length = length;
    if (choices !== undefined) one.enum = choices;
  }
  return metadata.primaryColumns.map(({ propertyName }) => propertyName);
}
