import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { FastifyRequest } from 'fastify';
import type { DataSource } from 'typeorm';
import { SERVER_ACTIONS } from '../../../compute/actions/body-actions.js';
import {
  type ComputeAnswer,
  type ComputeRequest,
  ComputeService,
  type Observation,
  type ObservedTask,
} from '../../../compute/compute.service.js';
import type { HttpAnswer } from '../../../compute/http-answer.js';
import { Settings } from '../../../config/settings.js';
import { callerOf } from '../../../identity/caller.js';
import { faultBody, ServiceUnavailable } from '../../../openstack/faults.js';
import { microversionOf } from '../../../openstack/microversion.guard.js';
import { isUniqueViolation } from '../../../storage/driver-errors.js';
import type { Statement } from '../../../storage/statement.js';
import { storageOf } from '../../../storage/storage-of.js';
import { assertMember } from '../policy.js';
import { UNSIMULATED_ACTIONS } from '../unsimulated/actions.js';
import { refuse } from '../unsimulated/unsimulated.js';
import { ActionPlanner } from './actions/action-planner.js';
import { shownInterface, shownVolume } from './attachment-views.js';
import { CreatePlanner } from './create-planner.js';
import { OperationEngine } from './operations/operation-engine.js';
import { outcomeOf } from './operations/operation-outcome.js';
import { OperationStore } from './operations/operation-store.js';
import type { SimulatedOperation } from './operations/operation.entity.js';
import type { Plan } from './plan.js';
import { ATTEMPTS, noServer, ServerStore, tooBusy } from './server-store.js';
import { serverView } from './server.view.js';

/**
 * The simulated cloud. A request is accepted by one transaction, which writes its operation and the server's new
 * state; the engine ends the operation.
 */
@Injectable()
export class SimulatedComputeService extends ComputeService {
  readonly judgesTokens = false;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly servers: ServerStore,
    private readonly operations: OperationStore,
    private readonly engine: OperationEngine,
    private readonly createPlanner: CreatePlanner,
    private readonly actionPlanner: ActionPlanner,
  ) {
    super();
  }

  get news() {
    return this.engine.news;
  }

  async submit(request: ComputeRequest): Promise<ComputeAnswer> {
    assertMember(request.caller, `servers:${request.task}`);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const plan = await this.plan(request);
      const dueAt = plan.doneWhenAnswered ? null : Date.now() + this.settings.EMBEDDED_TASK_MS;
      const operations = plan.operations.map<SimulatedOperation>((operation) => ({
        ...operation,
        dueAt,
        state: dueAt === null ? 'success' : 'running',
        fault: null,
      }));
      if (await this.commit([this.operations.insert(operations), ...plan.statements])) {
        if (dueAt !== null) this.engine.wake(dueAt);
        return {
          status: plan.status,
          headers: plan.headers,
          body: plan.body,
          outcome: outcomeOf(operations),
        };
      }
    }
    throw tooBusy(request.serverId ?? '');
  }

  async observe(tasks: ObservedTask[]): Promise<Observation[]> {
    const uuids = tasks.map(({ uuid }) => uuid);
    const known = await this.operations.byTask(uuids);
    const unknown = tasks.filter(({ uuid }) => !known.has(uuid));
    const lateUuids: string[] = [];
    for (const { uuid, task } of unknown) {
      if (!(await this.operations.refuse(uuid, task))) lateUuids.push(uuid);
    }
    const late = await this.operations.byTask(lateUuids);
    return uuids.map((uuid) => ({ uuid, outcome: outcomeOf(known.get(uuid) ?? late.get(uuid) ?? []) }));
  }

  async existingServers(ids: string[]): Promise<ReadonlySet<string>> {
    const servers = await this.servers.byIds(ids);
    return new Set([...servers.values()].filter(({ vmState }) => vmState !== 'deleted').map(({ id }) => id));
  }

  async showServer(id: string, http: FastifyRequest): Promise<HttpAnswer> {
    const shown = await this.show(id, '', http);
    if (shown !== null) return { status: 200, headers: {}, body: shown };
    return { status: 404, headers: {}, body: faultBody(404, noServer(id).message) };
  }

  async show(id: string, part: string, http: FastifyRequest): Promise<object | null> {
    const caller = callerOf(http);
    const server = await this.servers.find(id, caller);
    if (server === null) return null;
    const [kind, object = ''] = part.split('/');
    if (kind === 'os-interface') return shownInterface(server, object);
    if (kind === 'os-volume_attachments') return shownVolume(server, object);
    return part === '' ? { server: serverView(server, http, microversionOf(http), caller.isAdmin) } : null;
  }

  taskOfAction(key: string, http: FastifyRequest): string | null {
    const unsimulated = Object.hasOwn(UNSIMULATED_ACTIONS, key) ? UNSIMULATED_ACTIONS[key] : undefined;
    if (unsimulated !== undefined) refuse(key, unsimulated, microversionOf(http), callerOf(http));
    return Object.hasOwn(SERVER_ACTIONS, key) ? (SERVER_ACTIONS[key]?.task ?? null) : null;
  }

  private async plan(request: ComputeRequest): Promise<Plan> {
    if (request.serverId === null) return this.createPlanner.plan(request);
    const server = await this.servers.get(request.serverId, request.caller);
    return this.actionPlanner.plan(request, server);
  }

  private async commit(statements: Statement[]): Promise<boolean> {
    try {
      return await storageOf(this.dataSource).commit(statements);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      // Tracking has given the task up while this request was on its way, and has reported that.
      throw new ServiceUnavailable(
        'The request took too long and was given up. It was not carried out; send it again.',
      );
    }
  }
}
