import { type DynamicModule, Module } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Settings } from './config/settings.js';
import type { SignIn } from './console/page-settings.js';
import { pageController } from './console/page.controller.js';
import type { Gateway } from './gateway-for.js';

@Module({})
class ServerConsoleModule {}

/** How people sign in: at the simulated Keystone, or at the real one by way of this server. */
const SIGN_IN: Readonly<Record<Settings['IDENTITY'], SignIn>> = {
  embedded: {
    by: 'keystone',
    url: '../identity/v3/auth/tokens',
    userHint: 'In the simulated cloud: any name and any password, such as alice in the project demo',
    tokenHint: 'In the simulated cloud: user:project, such as alice:demo',
  },
  keystone: {
    by: 'keystone',
    url: 'auth/tokens',
    userHint: null,
    tokenHint: 'As openstack token issue gives it',
  },
};

/** The console at `/console`, over the server's own API; nothing with `CONSOLE=off`. */
export function consoleModules(
  { CONSOLE, CONSOLE_SERVER_LINK, IDENTITY }: Settings,
  gateway: Gateway | null,
): DynamicModule[] {
  if (CONSOLE === 'off') return [];
  const page = pageController(
    { path: 'console', decorators: [ApiExcludeController()] },
    {
      tasks: '../v3/tasks',
      signIn: SIGN_IN[IDENTITY],
      actions: '../v3/tasks/action',
      offersDecisions: CONSOLE === 'full',
      hasAllProjects: true,
      links: CONSOLE_SERVER_LINK === undefined ? {} : { server: CONSOLE_SERVER_LINK },
    },
  );
  const controllers = IDENTITY === 'keystone' && gateway ? [gateway.KeystoneSignInController, page] : [page];
  return [{ module: ServerConsoleModule, controllers }];
}
