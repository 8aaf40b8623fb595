import type { ValueTransformer } from 'typeorm';

/**
 * Times are bigint milliseconds since the epoch: the only type that means the same in every database and shows no
 * drift. MySQL's driver returns bigint as text. They are written as BigInt: for SQLite, TypeORM puts a number into the
 * text of a statement, so that each statement would be compiled anew. Fractions of a millisecond are rounded.
 */
export const epochMilliseconds: ValueTransformer = {
  to: (value: unknown) => (typeof value === 'number' ? BigInt(Math.round(value)) : value),
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};

/** Small integers. A host may have set its SQLite connection to return them as BigInt (`defaultSafeIntegers`). */
export const wholeNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: number | bigint | null) => (value === null ? null : Number(value)),
};
