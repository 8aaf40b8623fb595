import { Controller, Get, Inject, Param, Req, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Caller, callerOf } from '../identity/caller.js';
import { TenantGuard } from '../identity/tenant.guard.js';
import { Forbidden, NotFound } from '../openstack/faults.js';
import { MicroversionGuard } from '../openstack/microversion.guard.js';
import { isUuid } from '../openstack/uuid.js';
import { taskView, type TaskView } from '../tasks/task.view.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks/tasks.options.js';
import { TasksService } from '../tasks/tasks.service.js';
import { ApiProjectTasks, ApiTask } from './openapi/tasks.openapi.js';
import { retentionNote } from './retention-note.js';
import { taskListView, type TaskListView } from './task-list.view.js';
import { readProjectListQuery } from './task-query.js';

/** `GET /tasks`: the tasks of all servers of the project, also for tags that do not fit in a path. */
@ApiTags('tasks')
@Controller('v3/tasks')
@UseGuards(TenantGuard, MicroversionGuard)
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  @Get()
  @ApiProjectTasks()
  async list(@Req() request: FastifyRequest): Promise<TaskListView> {
    const { filter, page, allTenants } = readProjectListQuery(request);
    const projectId = allTenants ? everyProject(callerOf(request)) : callerOf(request).projectId;
    return taskListView(request, await this.tasks.list({ ...filter, projectId }, page));
  }

  @Get(':uuid')
  @ApiTask()
  async show(@Req() request: FastifyRequest, @Param('uuid') uuid: string): Promise<{ task: TaskView }> {
    const { projectId } = callerOf(request);
    const task = isUuid(uuid) ? await this.tasks.findOne(uuid, { projectId }) : null;
    if (task === null) {
      throw new NotFound(`Task ${uuid} could not be found.${retentionNote(this.options.retentionMs)}`);
    }
    return { task: taskView(task) };
  }
}

function everyProject({ isAdmin }: Caller): null {
  if (!isAdmin) throw new Forbidden(`Policy doesn't allow tasktag:tasks:all_tenants to be performed.`);
  return null;
}
