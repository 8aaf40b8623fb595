import { CreateEmbeddedServers1780000000001 } from './1780000000001-create-embedded-servers.js';
import { CreateEmbeddedImages1780000000003 } from './1780000000003-create-embedded-images.js';
import { CreateEmbeddedKeypairs1780000000004 } from './1780000000004-create-embedded-keypairs.js';

/** The migrations of the simulated cloud. */
export const EMBEDDED_COMPUTE_MIGRATIONS = [
  CreateEmbeddedServers1780000000001,
  CreateEmbeddedImages1780000000003,
  CreateEmbeddedKeypairs1780000000004,
];
