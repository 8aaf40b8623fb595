import { Controller, HttpCode, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, callerOf } from '../identity/caller.js';
import { TenantGuard } from '../identity/tenant.guard.js';
import { Forbidden, NotFound } from '../openstack/faults.js';
import { JsonBodyGuard } from '../openstack/json-body.guard.js';
import { MicroversionGuard } from '../openstack/microversion.guard.js';
import { globalRequestId } from '../openstack/request-id.js';
import { setCurrentTask } from '../tasks/requests/current-task.js';
import type { Task } from '../tasks/task.entity.js';
import { foundTaskView, type FoundTaskView } from '../tasks/task.view.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks/tasks.options.js';
import { TasksService } from '../tasks/tasks.service.js';
import { ApiTaskAction } from './openapi/task-action.openapi.js';
import { readTaskAction, type TaskAction, taskActionName, type TaskActionName } from './task-action.js';

/** The role of those who may look at everything in a project, and change nothing. */
const READER = 'reader';

/** `POST /tasks/action`: what users decide about tags and tasks. It is never passed on to the compute service. */
@ApiTags('tasks')
@Controller('v3/tasks/action')
@UseGuards(TenantGuard, MicroversionGuard, JsonBodyGuard)
export class TaskActionController {
  constructor(
    private readonly tasks: TasksService,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiTaskAction()
  async act(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ task: FoundTaskView }> {
    const name = taskActionName(request.body);
    const caller = callerOf(request);
    if (!mayDo(name, caller)) {
      throw new Forbidden(`Policy doesn't allow tasktag:tasks:${name} to be performed.`);
    }
    const { uuid } = await this.done(readTaskAction(name, request.body), caller, request);
    if (name === 'look') reply.status(202);
    const task = await this.tasks.findOne(uuid, { projectId: null });
    if (task === null) throw new NotFound(`Task ${uuid} could not be found.`);
    setCurrentTask(request, task);
    return { task: foundTaskView(task, this.options) };
  }

  private done(action: TaskAction, caller: Caller, request: FastifyRequest): Promise<Task> {
    if (action.is === 'look') {
      const projectId = caller.isAdmin ? null : caller.projectId;
      return this.tasks.lookNow(action.uuid, { projectId });
    }
    if (action.is === 'resolve') {
      const { uuid, accepted, state, reason } = action;
      return this.tasks.resolve(uuid, { accepted, state, by: caller.userId, reason });
    }
    const { tag, reason } = action;
    const ids = { requestId: request.id, globalRequestId: globalRequestId(request) };
    return this.tasks.abandon(caller, tag, { reason, ...ids });
  }
}

/**
 * Whoever may see a task may ask for a look. Whoever may create a server may give up its tag. Roles that are not known here may do so:
 * Nova's policy has names of its own.
 */
function mayDo(name: TaskActionName, { isAdmin, roles }: Caller): boolean {
  if (isAdmin || name === 'look') return true;
  return name === 'abandon' && roles.some((role) => role.toLowerCase() !== READER);
}
