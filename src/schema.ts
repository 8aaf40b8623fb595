import { SIMULATED_KEYSTONE_MIGRATIONS } from './simulator/keystone/migrations/index.js';
import { SIMULATED_KEYSTONE_ENTITIES } from './simulator/keystone/simulated-keystone.module.js';
import { SIMULATED_NOVA_MIGRATIONS } from './simulator/nova/migrations/index.js';
import { SIMULATED_NOVA_ENTITIES } from './simulator/nova/simulated-nova.module.js';
import { TASKS_MIGRATIONS } from './tasks/tables/migrations/index.js';
import { TASKS_ENTITIES } from './tasks/tables/tasks-entities.js';

/** All tables of the server's database, and the migrations that create them. TypeORM runs these in order of time. */
export const SCHEMA = {
  entities: [...TASKS_ENTITIES, ...SIMULATED_NOVA_ENTITIES, ...SIMULATED_KEYSTONE_ENTITIES],
  // Classes, not paths: bundlers and Jest can take them.
  migrations: [...TASKS_MIGRATIONS, ...SIMULATED_NOVA_MIGRATIONS, ...SIMULATED_KEYSTONE_MIGRATIONS],
};
