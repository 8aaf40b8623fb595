import { Injectable } from '@nestjs/common';
import { onlyKeyOf } from '../../../../compute/actions/action-key.js';
import { SERVER_ACTIONS } from '../../../../compute/actions/body-actions.js';
import type { ServerAction } from '../../../../compute/actions/server-action.js';
import { SERVER_REQUESTS } from '../../../../compute/actions/url-actions.js';
import type { ComputeRequest } from '../../../../compute/compute.service.js';
import { taskStateDuring } from '../operations/simulation.js';
import { newOperation, type Plan } from '../plan.js';
import { assertAllowed } from '../preconditions.js';
import { ServerStore } from '../server-store.js';
import type { SimulatedServer } from '../server.entity.js';
import { validateBody } from './body.js';
import type { EffectOf } from './effect.js';
import { InterfaceEffects } from './interface-effects.js';
import { LifecycleEffects } from './lifecycle-effects.js';
import { SnapshotEffects } from './snapshot-effects.js';
import { volumeEffects } from './volume-effects.js';

/** All task-enabled requests on a server, by Nova's instance action. */
const BY_TASK: Readonly<Record<string, ServerAction>> = Object.fromEntries(
  [...Object.values(SERVER_ACTIONS), ...Object.values(SERVER_REQUESTS)].map((action) => [
    action.task,
    action,
  ]),
);

/** Decides the effect of a request on an existing server. */
@Injectable()
export class ActionPlanner {
  private readonly effects: Readonly<Record<string, EffectOf>>;

  constructor(
    private readonly servers: ServerStore,
    lifecycle: LifecycleEffects,
    snapshots: SnapshotEffects,
    interfaces: InterfaceEffects,
  ) {
    this.effects = { ...lifecycle.effects, ...snapshots.effects, ...interfaces.effects, ...volumeEffects };
  }

  /** Throws an `ApiError` if the request is invalid, or the server's state does not allow it. */
  async plan(request: ComputeRequest, server: SimulatedServer): Promise<Plan> {
    const action = actionOf(request);
    validateBody(request);
    assertAllowed(action, server, request.caller, request.body);
    const effect = (await this.effects[action.task]?.(request, server)) ?? {};

    const taskState = effect.changes?.taskState ?? taskStateDuring(action.task);
    const changes = {
      updatedAt: Date.now(),
      ...effect.changes,
      ...(taskState !== null && { taskState }),
    };
    return {
      status: action.status,
      headers: effect.headers ?? {},
      body: effect.body,
      doneWhenAnswered: action.doneWhenAnswered ?? false,
      operations: [
        newOperation(request, 0, server.id, { server: server.id, ...effect.resource }, effect.detail),
      ],
      statements: [this.servers.update(server, changes), ...(effect.statements ?? [])],
    };
  }
}

/** Two requests may be one task: `forceDelete` is a delete with another answer. */
function actionOf({ task, body, http }: ComputeRequest): ServerAction {
  const key = http.method === 'POST' ? onlyKeyOf(body) : null;
  const byKey = key !== null && Object.hasOwn(SERVER_ACTIONS, key) ? SERVER_ACTIONS[key] : undefined;
  return byKey?.task === task ? byKey : (BY_TASK[task] as ServerAction);
}
