import { Controller, Get, Inject, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../identity/caller.js';
import { TenantGuard } from '../identity/tenant.guard.js';
import { MicroversionGuard } from '../openstack/microversion.guard.js';
import { foundTaskView, type FoundTaskView } from '../tasks/task.view.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks/tasks.options.js';
import { WaitingLookUps } from '../tasks/waiting/waiting-look-ups.js';
import { echoTag } from './echo-tag.js';
import { ApiServerTask, ApiServerTasks } from './openapi/tasks.openapi.js';
import { ServerTasksService } from './server-tasks.service.js';
import { tagOrId } from './tag-or-id.js';
import { taskListView, type TaskListView } from './task-list.view.js';
import { readListQuery, readWait } from './task-query.js';

/** `GET /servers/{tag-or-id}/tasks`: the tasks of a tag, or of a server. */
@ApiTags('tasks')
@Controller('v3/servers/:key/tasks')
@UseGuards(TenantGuard, MicroversionGuard)
export class ServerTasksController {
  constructor(
    private readonly serverTasks: ServerTasksService,
    private readonly lookUps: WaitingLookUps,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  @Get()
  @ApiServerTasks()
  async list(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskListView> {
    const { filter, page, wait } = readListQuery(request);
    const [key, caller] = [tagOrId(request), callerOf(request)];
    const look = () => this.serverTasks.list(key, caller, filter, page, request);
    const groups = () => this.serverTasks.groups(key, caller, filter);
    const found = await this.lookUps.list(reply, wait, groups, look);
    if (found.tag !== null) echoTag(reply, found.tag);
    return taskListView(request, found, this.options);
  }

  @Get(':uuid')
  @ApiServerTask()
  async show(
    @Req() request: FastifyRequest<{ Params: { uuid: string } }>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ task: FoundTaskView }> {
    const [key, caller] = [tagOrId(request), callerOf(request)];
    const look = () => this.serverTasks.findOne(key, request.params.uuid, caller);
    const { task, tag } = await this.lookUps.one(reply, readWait(request), look);
    if (tag !== null) echoTag(reply, tag);
    return { task: foundTaskView(task, this.options) };
  }
}
