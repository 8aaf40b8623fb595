import type { Task } from '../tasks/task.entity.js';
import type { ObservedTask } from './compute.service.js';

/** A task as the compute service knows it: its subject is a server. */
export function observedTask(task: Task): ObservedTask {
  const { uuid, state, subject, projectId, userId, tag, requestId, resource, startTime, lastUpdated } = task;
  return {
    uuid,
    task: task.task,
    state,
    serverId: subject,
    projectId,
    userId,
    tag,
    requestId,
    resource,
    startTime,
    lastUpdated,
  };
}
