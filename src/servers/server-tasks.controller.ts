import { Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../identity/caller.js';
import { TenantGuard } from '../identity/tenant.guard.js';
import { MicroversionGuard } from '../openstack/microversion.guard.js';
import type { TaskView } from '../tasks/task.view.js';
import { echoTag } from './echo-tag.js';
import { ApiServerTask, ApiServerTasks } from './openapi/tasks.openapi.js';
import { ServerTasksService } from './server-tasks.service.js';
import { tagOrId } from './tag-or-id.js';
import { taskListView, type TaskListView } from './task-list.view.js';
import { readListQuery } from './task-query.js';

/** `GET /servers/{tag-or-id}/tasks`: the tasks of a tag, or of a server. */
@ApiTags('tasks')
@Controller('v3/servers/:key/tasks')
@UseGuards(TenantGuard, MicroversionGuard)
export class ServerTasksController {
  constructor(private readonly serverTasks: ServerTasksService) {}

  @Get()
  @ApiServerTasks()
  async list(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskListView> {
    const { filter, page } = readListQuery(request);
    const found = await this.serverTasks.list(tagOrId(request), callerOf(request), filter, page, request);
    if (found.tag !== null) echoTag(reply, found.tag);
    return taskListView(request, found);
  }

  @Get(':uuid')
  @ApiServerTask()
  async show(
    @Req() request: FastifyRequest<{ Params: { uuid: string } }>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ task: TaskView }> {
    const found = await this.serverTasks.findOne(tagOrId(request), request.params.uuid, callerOf(request));
    if (found.tag !== null) echoTag(reply, found.tag);
    return { task: found.task };
  }
}
