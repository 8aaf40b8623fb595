import { Controller, Get, Inject, Param, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, callerOf } from '../identity/caller.js';
import { TenantGuard } from '../identity/tenant.guard.js';
import { Forbidden, NotFound } from '../openstack/faults.js';
import { MicroversionGuard } from '../openstack/microversion.guard.js';
import { uuidOf } from '../openstack/uuid.js';
import { countsView } from '../tasks/controller/task.controller.js';
import type { Task } from '../tasks/task.entity.js';
import { foundTaskView, type FoundTaskView } from '../tasks/task.view.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks/tasks.options.js';
import { TasksService } from '../tasks/tasks.service.js';
import { groupsOf } from '../tasks/waiting/awaited.js';
import { WaitingLookUps } from '../tasks/waiting/waiting-look-ups.js';
import { ApiProjectTasks, ApiTask } from './openapi/tasks.openapi.js';
import { retentionNote } from './retention-note.js';
import { taskListView, type TaskListView } from './task-list.view.js';
import { readProjectListQuery, readWait } from './task-query.js';

/** `GET /tasks`: the tasks of all servers of the project, also for tags that do not fit in a path. */
@ApiTags('tasks')
@Controller('v3/tasks')
@UseGuards(TenantGuard, MicroversionGuard)
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly lookUps: WaitingLookUps,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  @Get()
  @ApiProjectTasks()
  async list(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskListView> {
    const { filter, page, allTenants, wait, counts } = readProjectListQuery(request);
    const projectId = allTenants ? everyProject(callerOf(request)) : callerOf(request).projectId;
    const meant = { ...filter, projectId };
    const look = () => this.tasks.list(meant, page);
    const found = await this.lookUps.list(reply, wait, () => groupsOf(meant), look);
    const counted = counts ? countsView(await this.tasks.counts(meant)) : {};
    return { ...taskListView(request, found, this.options), ...counted };
  }

  @Get(':uuid')
  @ApiTask()
  async show(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('uuid') uuid: string,
  ): Promise<{ task: FoundTaskView }> {
    const { projectId } = callerOf(request);
    const { task } = await this.lookUps.one(reply, readWait(request), () => this.find(uuid, projectId));
    return { task: foundTaskView(task, this.options) };
  }

  /** @throws NotFound when there is no such task in the project */
  private async find(asked: string, projectId: string): Promise<{ task: Task }> {
    const uuid = uuidOf(asked);
    const task = uuid === null ? null : await this.tasks.findOne(uuid, { projectId });
    if (task !== null) return { task };
    throw new NotFound(`Task ${asked} could not be found.${retentionNote(this.options.retentionMs)}`);
  }
}

function everyProject({ isAdmin }: Caller): null {
  if (!isAdmin) throw new Forbidden(`Policy doesn't allow tasktag:tasks:all_tenants to be performed.`);
  return null;
}
