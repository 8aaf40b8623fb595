import { v7 as uuidv7 } from 'uuid';
import type { ComputeAnswer, ComputeService } from '../compute/compute.service.js';
import { callerOf } from '../identity/caller.js';
import { microversionOf } from '../openstack/microversion.guard.js';
import { currentTask } from '../tasks/requests/current-task.js';
import { isMarked } from '../compute/observed-task.js';
import type { ServerRequest } from './server-request.js';

/** Passes a task-enabled request to the compute service, recorded, or unrecorded while the database is down. */
export function submitRequest(
  compute: ComputeService,
  request: ServerRequest,
  task: string,
): Promise<ComputeAnswer> {
  const recorded = currentTask(request);
  return compute.submit({
    taskUuid: recorded?.uuid ?? uuidv7(),
    recordedAt: recorded?.startTime ?? Date.now(),
    isRecorded: recorded !== undefined,
    isMarked: recorded !== undefined && isMarked(recorded),
    task,
    caller: callerOf(request),
    microversion: microversionOf(request),
    serverId: request.params.id ?? null,
    subresourceId: request.params.subresource ?? null,
    body: request.body,
    http: request,
  });
}
