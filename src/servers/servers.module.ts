import { type DynamicModule, Module } from '@nestjs/common';
import { TenantGuard } from '../identity/tenant.guard.js';
import { InstanceActionsController } from './instance-actions.controller.js';
import { RelayedRequestsController } from './relayed-requests.controller.js';
import { RelayedServerController } from './relayed-server.controller.js';
import { ServerController } from './server.controller.js';
import { ServerTasksController } from './server-tasks.controller.js';
import { ServerTasksService } from './server-tasks.service.js';
import { ServersController } from './servers.controller.js';
import { TasksController } from './tasks.controller.js';
import { UnknownRouteController } from './unknown-route.controller.js';

/** The compute API's task-enabled routes, and the look-ups by tag or id. */
@Module({})
export class ServersModule {
  /** @param isGateway whether another server has the rest of the API */
  static forRoot(isGateway: boolean): DynamicModule {
    const others = isGateway
      ? [RelayedServerController, RelayedRequestsController]
      : [ServerController, InstanceActionsController, UnknownRouteController];
    return {
      module: ServersModule,
      providers: [ServerTasksService, TenantGuard],
      controllers: [ServersController, ServerTasksController, TasksController, ...others],
    };
  }
}
