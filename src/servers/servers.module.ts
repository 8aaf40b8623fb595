import { Module } from '@nestjs/common';
import { TenantGuard } from '../identity/tenant.guard.js';
import { ServerTasksController } from './server-tasks.controller.js';
import { ServerTasksService } from './server-tasks.service.js';
import { ServerController } from './server.controller.js';
import { ServersController } from './servers.controller.js';
import { TaskActionController } from './task-action.controller.js';
import { TasksController } from './tasks.controller.js';

/** The compute API's task-enabled routes, and the look-ups by tag or id. Each wing adds the routes of its own. */
@Module({
  providers: [ServerTasksService, TenantGuard],
  controllers: [
    ServersController,
    ServerController,
    ServerTasksController,
    TasksController,
    TaskActionController,
  ],
})
export class ServersModule {}
