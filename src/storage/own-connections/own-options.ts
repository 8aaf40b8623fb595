import type { DataSourceOptions } from 'typeorm';

/** The options of a data source of one kind. */
export type OptionsOf<Type> = Extract<DataSourceOptions, { type: Type }>;

/** The address and the credentials: they are in a data source's options, or in those of its master. */
export const CREDENTIALS = ['url', 'host', 'port', 'username', 'password', 'database'] as const;

/** The options that a host passes to the driver itself. */
export function extraOf(options: DataSourceOptions): Record<string, unknown> {
  return (options.extra ?? {}) as Record<string, unknown>;
}

/** The options of a separate pool: each statement of a transaction must see what others have committed. */
export function ownPool(connections: number) {
  return { poolSize: connections, isolationLevel: 'READ COMMITTED' as const };
}
