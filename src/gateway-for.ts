import type { Settings } from './config/settings.js';
import type * as GatewayParts from './gateway-parts.js';

/** The parts of the gateway, each of which a setting asks for. */
export type Gateway = typeof GatewayParts;

/** The gateway; `null`, and its code is not loaded, where neither Nova nor Keystone is asked. */
export async function gatewayFor({ COMPUTE, IDENTITY }: Settings): Promise<Gateway | null> {
  return COMPUTE === 'nova' || IDENTITY === 'keystone' ? import('./gateway-parts.js') : null;
}
