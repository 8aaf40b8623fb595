import { galeraGround } from './galera-ground.js';
import { gatewayGround } from './gateway-ground.js';
import type { Ground } from './ground.js';

/** The grounds by their names on the command line. */
export const GROUNDS = {
  galera: galeraGround,
  gateway: gatewayGround,
} satisfies Record<string, () => Promise<Ground>>;
