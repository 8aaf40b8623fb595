import { Module } from '@nestjs/common';
import { InstanceActionsController } from './instance-actions.controller.js';
import { ServerController } from './server.controller.js';
import { ServerTasksController } from './server-tasks.controller.js';
import { ServerTasksService } from './server-tasks.service.js';
import { ServersController } from './servers.controller.js';
import { TasksController } from './tasks.controller.js';
import { UnknownRouteController } from './unknown-route.controller.js';

/** The compute API's task-enabled routes, and the look-ups by tag or id. */
@Module({
  providers: [ServerTasksService],
  controllers: [
    ServersController,
    ServerController,
    ServerTasksController,
    TasksController,
    InstanceActionsController,
    UnknownRouteController,
  ],
})
export class ServersModule {}
