import { Controller, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Caller, callerOf } from '../identity/caller.js';
import { TenantGuard } from '../identity/tenant.guard.js';
import { Forbidden } from '../openstack/faults.js';
import { JsonBodyGuard } from '../openstack/json-body.guard.js';
import { MicroversionGuard } from '../openstack/microversion.guard.js';
import { globalRequestId } from '../openstack/request-id.js';
import type { Task } from '../tasks/task.entity.js';
import { taskView, type TaskView } from '../tasks/task.view.js';
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
  constructor(private readonly tasks: TasksService) {}

  @Post()
  @HttpCode(200)
  @ApiTaskAction()
  async act(@Req() request: FastifyRequest): Promise<{ task: TaskView }> {
    const name = taskActionName(request.body);
    const caller = callerOf(request);
    if (!mayDo(name, caller)) {
      throw new Forbidden(`Policy doesn't allow tasktag:tasks:${name} to be performed.`);
    }
    return { task: taskView(await this.done(readTaskAction(name, request.body), caller, request)) };
  }

  private done(action: TaskAction, caller: Caller, request: FastifyRequest): Promise<Task> {
    if (action.is === 'resolve') {
      const { uuid, accepted, state, reason } = action;
      return this.tasks.resolve(uuid.toLowerCase(), { accepted, state, by: caller.userId, reason });
    }
    const { tag, reason } = action;
    const ids = { requestId: request.id, globalRequestId: globalRequestId(request) };
    return this.tasks.abandon(caller, tag, { reason, ...ids });
  }
}

/** Whoever may create a server may give up its tag. Roles that are not known here may do so: Nova's policy has names of its own. */
function mayDo(name: TaskActionName, { isAdmin, roles }: Caller): boolean {
  if (isAdmin) return true;
  return name === 'abandon' && roles.some((role) => role.toLowerCase() !== READER);
}
