import { canBeLost } from '../tasks/lost-answers/lost-answers.js';
import type { Task } from '../tasks/task.entity.js';
import type { ObservedTask } from './compute.service.js';

/** A task as the compute service knows it: its subject is a server. */
export function observedTask(task: Task): ObservedTask {
  const { uuid, state, subject, projectId, userId, requestId, resource, startTime, lastUpdated } = task;
  return {
    uuid,
    task: task.task,
    state,
    serverId: subject,
    projectId,
    userId,
    isMarked: isMarked(task),
    requestId,
    resource,
    startTime,
    lastUpdated,
    lookedAt: task.lookedAt,
  };
}

/** Whether what a task's request makes is marked in the compute service, so that it is found again. */
export function isMarked(task: Task): boolean {
  return task.tag !== null || canBeLost(task);
}
