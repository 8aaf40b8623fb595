import type { ValueTransformer } from 'typeorm';

/**
 * Times are bigint milliseconds since the epoch: the only type that means the same in every database and shows no
 * drift. MySQL's driver gives bigint as text. They are written as BigInt: TypeORM puts a number into the text of a
 * statement for SQLite, which would then have to compile each statement anew. A part of a millisecond is rounded.
 */
export const epochMilliseconds: ValueTransformer = {
  to: (value: unknown) => (typeof value === 'number' ? BigInt(Math.round(value)) : value),
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};

/** Small integers. A host may have its SQLite connection give them as BigInt (`defaultSafeIntegers`). */
export const wholeNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: number | bigint | null) => (value === null ? null : Number(value)),
};
