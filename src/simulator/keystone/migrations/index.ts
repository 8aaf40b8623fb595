import { CreateSimulatedTokens1780000000002 } from './1780000000002-create-simulated-tokens.js';

/** The migrations of the simulated identity service. */
export const SIMULATED_KEYSTONE_MIGRATIONS = [CreateSimulatedTokens1780000000002];
