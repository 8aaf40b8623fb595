import type { TestApp } from '../server/app.js';
import { type Lab, startGateway } from './gateway.js';
import { LabUser } from './lab-user.js';
import { NovaProxy } from './nova-proxy.js';

/** What most tests of lost and forged answers work with. */
export interface GatewayByProxy {
  /** A user with servers of its own. */
  user: LabUser;
  /** Between the gateway and Nova. */
  nova: NovaProxy;
  test: TestApp;
  /** Ends all of it, and the lab. */
  end: () => Promise<void>;
}

/** Starts a gateway that reaches the lab's Nova by way of a proxy. */
export async function startGatewayByProxy(
  lab: Lab,
  settings: Record<string, string> = {},
): Promise<GatewayByProxy> {
  const user = await LabUser.in(lab);
  const nova = await NovaProxy.to();
  const test = await startGateway({ ...settings, NOVA_URL: nova.url });
  const end = async () => {
    await test.close();
    await nova.close();
    await user.remove();
    await lab.close();
  };
  return { user, nova, test, end };
}
