import { Index, type ValueTransformer } from 'typeorm';
import type { IndexMetadata } from 'typeorm/metadata/IndexMetadata.js';
import { kindOf } from './storage-of.js';

/** How many bytes a column holds: always so many, or up to so many. */
export interface Width {
  bytes: number;
  isFixed: boolean;
}

/** The transformer of a column of bytes, by which the column is known to be one. */
class ByteTransformer implements ValueTransformer {
  constructor(
    readonly width: Width,
    private readonly values: ValueTransformer,
  ) {}

  to(value: unknown): unknown {
    return this.values.to(value);
  }

  from(value: unknown): unknown {
    return this.values.from(value);
  }
}

/** The options of such a column. */
interface ByteColumn {
  type: 'varchar';
  length: number;
  transformer: ValueTransformer;
}

/** A column of so many bytes, for an entity with `@HasBytes()`. */
export function bytes(count: number, values: ValueTransformer): ByteColumn {
  return column({ bytes: count, isFixed: true }, values);
}

/** A column of up to so many bytes, for an entity with `@HasBytes()`. */
export function upToBytes(count: number, values: ValueTransformer): ByteColumn {
  return column({ bytes: count, isFixed: false }, values);
}

/** With a type that every database has, until a data source replaces it. */
function column(width: Width, values: ValueTransformer): ByteColumn {
  return { type: 'varchar', length: width.bytes, transformer: new ByteTransformer(width, values) };
}

/**
 * Gives the columns of bytes of an entity the type that the database has for them. No two databases have the same one, and
 * an entity is the same class for all of them.
 *
 * Of all that TypeORM calls while a data source reads its entities, only the function of an index can see the data source.
 * So there is such an index; it is left out of the schema.
 *
 * @param table makes the name of that index
 */
export function HasBytes(table: string): ClassDecorator & PropertyDecorator {
  return Index(`${table}_bytes`, typesOfDatabase);
}

function typesOfDatabase(this: IndexMetadata): string[] {
  const metadata = this.entityMetadata;
  this.synchronize = false;
  const typeOf = kindOf(metadata.dataSource)?.bytes;
  for (const one of metadata.columns) {
    if (typeOf === undefined || !(one.transformer instanceof ByteTransformer)) continue;
    const { type, length = '' } = typeOf(one.transformer.width);
    one.type = type;
    one.length = length;
  }
  return metadata.primaryColumns.map(({ propertyName }) => propertyName);
}
