import type { ValueTransformer } from 'typeorm';

/**
 * Times are bigint milliseconds since the epoch: the only type that means the same in every database and shows no
 * drift. MySQL's driver gives bigint as text.
 */
export const epochMilliseconds: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};
