import { SIMULATED_GLANCE_MIGRATIONS } from '../../glance/migrations/index.js';
import { CreateSimulatedServers1780000000001 } from './1780000000001-create-simulated-servers.js';
import { CreateSimulatedKeypairs1780000000004 } from './1780000000004-create-simulated-keypairs.js';
import { CreateSimulatedOperations1780000000009 } from './1780000000009-create-simulated-operations.js';

/** The migrations of the simulated cloud, one for each table. */
export const SIMULATED_NOVA_MIGRATIONS = [
  CreateSimulatedServers1780000000001,
  ...SIMULATED_GLANCE_MIGRATIONS,
  CreateSimulatedKeypairs1780000000004,
  CreateSimulatedOperations1780000000009,
];
