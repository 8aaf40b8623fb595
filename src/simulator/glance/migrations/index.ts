import { CreateSimulatedImages1780000000003 } from './1780000000003-create-simulated-images.js';

/** The migrations of the simulated image service. */
export const SIMULATED_GLANCE_MIGRATIONS = [CreateSimulatedImages1780000000003];
