import { EMBEDDED_COMPUTE_ENTITIES } from './compute/embedded/embedded-compute.module.js';
import { EMBEDDED_COMPUTE_MIGRATIONS } from './compute/embedded/migrations/index.js';
import { EMBEDDED_IDENTITY_ENTITIES } from './identity/embedded/embedded-identity.module.js';
import { EMBEDDED_IDENTITY_MIGRATIONS } from './identity/embedded/migrations/index.js';
import { TASKS_MIGRATIONS } from './tasks/migrations/index.js';
import { TASKS_ENTITIES } from './tasks/tasks-entities.js';

/** All tables of the server's database, and the migrations that make them. TypeORM runs these in the order of time. */
export const SCHEMA = {
  entities: [...TASKS_ENTITIES, ...EMBEDDED_COMPUTE_ENTITIES, ...EMBEDDED_IDENTITY_ENTITIES],
  // Classes, not paths: bundlers and Jest can take them.
  migrations: [...TASKS_MIGRATIONS, ...EMBEDDED_COMPUTE_MIGRATIONS, ...EMBEDDED_IDENTITY_MIGRATIONS],
};
