import { Controller, Get, Req, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ComputeService } from '../../../compute/compute.service.js';
import { callerOf } from '../../../identity/caller.js';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { parseDateTime } from '../../../openstack/date-time.js';
import { BadRequest, NotFound } from '../../../openstack/faults.js';
import { MicroversionGuard, microversionOf } from '../../../openstack/microversion.guard.js';
import { nextLink } from '../../../openstack/urls/links.js';
import { isUuid } from '../../../openstack/uuid.js';
import { SERVER_ID } from '../../../servers/openapi/openapi.schemas.js';
import type { Task } from '../../../tasks/task.entity.js';
import { TasksService } from '../../../tasks/tasks.service.js';
import { assertQuery, type JsonSchema } from '../../json-schema/json-schema.js';
import { type ListPage, pageOf } from '../../query/paging.js';
import { queryOf } from '../../query/query.js';
import { instanceAction, instanceActionEvents, PAGING, wasAccepted } from './instance-action.view.js';

type ActionsRequest = FastifyRequest<{ Params: { id: string; requestId?: string } }>;

/** The most tasks of a server that are examined. */
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
    const { items, nextMarker } =
      version >= PAGING ? pageOfActions(actions, request) : { items: actions, nextMarker: null };
    return {
      instanceActions: items.map((task) => instanceAction(task, request.params.id, version)),
      ...(nextMarker !== null && { links: [nextLink(request, nextMarker)] }),
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
    if (action === undefined) throw new NotFound(`Action ${requestId} not found`);
    const events = instanceActionEvents(action, version, callerOf(request).isAdmin);
    return { instanceAction: { ...instanceAction(action, id, version), ...events } };
  }

  /**
   * The accepted tasks of a server, newest first; from 2.21 also of one that is deleted. Administrators see those of
   * all projects, as they see the servers.
   */
  private async actionsOf(request: ActionsRequest): Promise<Task[]> {
    const { id } = request.params;
    const caller = callerOf(request);
    const projectId = caller.isAdmin ? null : caller.projectId;
    const { tasks } = isUuid(id)
      ? await this.tasks.list({ projectId, subject: id }, { limit: MOST })
      : { tasks: [] };
    const actions = tasks.filter(wasAccepted);
    if (actions.length === 0 || microversionOf(request) < 21) {
      const { status } = await this.compute.showServer(id, request);
      if (status !== 200) throw new NotFound(`Instance ${id} could not be found.`);
    }
    return actions;
  }
}

const single = (items: JsonSchema): JsonSchema => ({ type: 'array', items, maxItems: 1 });

/** Unlike other lists, this one accepts no unknown parameters. */
const LIST_QUERY: JsonSchema = {
  type: 'object',
  properties: {
    limit: single({ type: 'string', pattern: '^[0-9]*$', minLength: 1 }),
    marker: single({ type: 'string' }),
    'changes-since': single({ type: 'string', format: 'date-time' }),
  },
  additionalProperties: false,
};

/** The page of actions that is asked for, from 2.58 on; the marker is a request id. */
function pageOfActions(actions: Task[], request: ActionsRequest): ListPage<Task> {
  assertQuery(request, LIST_QUERY);
  const query = queryOf(request);
  const since = parseDateTime(query.get('changes-since') ?? '') ?? 0;
  return pageOf(
    actions.filter(({ lastUpdated }) => lastUpdated >= since),
    query,
    ({ requestId }) => requestId ?? '',
    (marker) => new BadRequest(`Marker ${marker} could not be found.`),
  );
}
