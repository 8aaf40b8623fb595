import { CreateSimulatedServers1780000000001 } from './1780000000001-create-simulated-servers.js';
import { CreateSimulatedImages1780000000003 } from '../../glance/migrations/1780000000003-create-simulated-images.js';
import { CreateSimulatedKeypairs1780000000004 } from './1780000000004-create-simulated-keypairs.js';

/** The migrations of the simulated cloud. */
export const SIMULATED_NOVA_MIGRATIONS = [
  CreateSimulatedServers1780000000001,
  CreateSimulatedImages1780000000003,
  CreateSimulatedKeypairs1780000000004,
];
