import { subjectOf } from '../subject.js';
import type { Task } from '../task.entity.js';
import type { TasksOptions } from '../tasks.options.js';
import type { NewTask } from './new-task.js';
import { keyOf } from './task-key.js';

/** A task as it is recorded. Each property is listed: copying the object costs more than the rest of recording. */
export function newTaskRow(
  request: NewTask,
  uuid: string,
  process: string | null,
  options: TasksOptions,
): Task {
  const now = options.now();
  return {
    uuid,
    projectId: request.projectId,
    userId: request.userId,
    tag: request.tag,
    duplicateKey: keyOf(request, uuid),
    task: request.task,
    state: 'pending',
    subject: subjectOf(request.resource, options),
    resource: request.resource,
    requestId: request.requestId,
    globalRequestId: request.globalRequestId,
    faultCode: null,
    faultMessage: null,
    resolved: null,
    startTime: now,
    lastUpdated: now,
    nextLook: Math.round(now + options.pendingMs),
    sameTransaction: request.sameTransaction ?? false,
    process,
    sentAfter: null,
    answeredAfter: null,
    lookedAt: null,
    whyOpen: null,
    traceContext: null,
  };
}
