import { Controller, Get, Req, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ComputeService } from '../compute/compute.service.js';
import { callerOf } from '../identity/caller.js';
import { TenantGuard } from '../identity/tenant.guard.js';
import { BadRequest, NotFound } from '../openstack/faults.js';
import { nextLink } from '../openstack/links.js';
import { MicroversionGuard, microversionOf } from '../openstack/microversion.guard.js';
import type { Task } from '../tasks/task.entity.js';
import { TasksService } from '../tasks/tasks.service.js';
import { instanceAction, instanceActionEvents, PAGING, wasAccepted } from './instance-action.view.js';
import { isUuid } from '../openstack/uuid.js';
import { SERVER_ID } from './openapi.schemas.js';

type ActionsRequest = FastifyRequest<{
  Params: { id: string; requestId?: string };
  Querystring: { limit?: string; marker?: string };
}>;

/** As many of a server's tasks as are looked at. */
const MOST = 1000;

/**
 * Nova's own history of a server (`openstack server event list`), served from the tasks. Only for the simulated
 * cloud: a real Nova answers it itself.
 */
@ApiTags('tasks')
@Controller('v3/servers/:id/os-instance-actions')
@UseGuards(TenantGuard, MicroversionGuard)
export class InstanceActionsController {
  constructor(
    private readonly tasks: TasksService,
    private readonly compute: ComputeService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List the actions of a server, as Nova does' })
  @ApiParam(SERVER_ID)
  async list(@Req() request: ActionsRequest): Promise<object> {
    const version = microversionOf(request);
    const actions = await this.actionsOf(request);
    const { page, next } = version >= PAGING ? cut(actions, request) : { page: actions, next: null };
    return {
      instanceActions: page.map((task) => instanceAction(task, request.params.id, version)),
      ...(next !== null && { links: [nextLink(request, next)] }),
    };
  }

  @Get(':requestId')
  @ApiOperation({ summary: 'Show one action of a server, as Nova does' })
  @ApiParam(SERVER_ID)
  @ApiParam({ name: 'requestId', description: 'The x-compute-request-id of the answer.', type: String })
  async show(@Req() request: ActionsRequest): Promise<object> {
    const { id, requestId } = request.params;
    const version = microversionOf(request);
    const action = (await this.actionsOf(request)).find((task) => task.requestId === requestId);
    if (action === undefined)
      throw new NotFound(`Action for request_id ${requestId} on instance ${id} not found`);
    const events = instanceActionEvents(action, version, callerOf(request).isAdmin);
    return { instanceAction: { ...instanceAction(action, id, version), ...events } };
  }

  /** The accepted tasks of a server, newest first; from 2.21 also of one that is deleted. */
  private async actionsOf(request: ActionsRequest): Promise<Task[]> {
    const { id } = request.params;
    const caller = callerOf(request);
    const { tasks } = isUuid(id)
      ? await this.tasks.list({ projectId: caller.projectId, serverId: id }, { limit: MOST })
      : { tasks: [] };
    const actions = tasks.filter(wasAccepted);
    if (actions.length === 0 || microversionOf(request) < 21)
      await this.compute.showServer(id, caller, request);
    return actions;
  }
}

/** A page of actions; the marker is a request id. */
function cut(actions: Task[], { query }: ActionsRequest): { page: Task[]; next: string | null } {
  const limit = query.limit === undefined ? MOST : Number(query.limit);
  if (!Number.isInteger(limit) || limit < 0) {
    throw new BadRequest(
      `Invalid input for query parameters limit. Value: ${query.limit}. It must be a whole number.`,
    );
  }
  const marker =
    query.marker === undefined ? -1 : actions.findIndex((task) => task.requestId === query.marker);
  if (query.marker !== undefined && marker < 0)
    throw new BadRequest(`Marker ${query.marker} could not be found.`);
  const page = actions.slice(marker + 1, marker + 1 + limit);
  const last = page.at(-1);
  return { page, next: last !== undefined && actions.length > marker + 1 + limit ? last.requestId : null };
}
