import { v7 as uuidv7 } from 'uuid';
import type { Task } from '../../src/tasks/task.entity.js';

/** A task as it is stored: a pending one that began now, without a tag, unless said otherwise. */
export function taskRow(more: Partial<Task> = {}): Task {
  const now = Date.now();
  return {
    uuid: uuidv7(),
    projectId: 'a',
    userId: 'ann',
    tag: null,
    duplicateKey: null,
    task: 'create',
    state: 'pending',
    subject: null,
    resource: null,
    requestId: null,
    globalRequestId: null,
    faultCode: null,
    faultMessage: null,
    resolved: null,
    startTime: now,
    lastUpdated: now,
    nextLook: null,
    sameTransaction: false,
    traceContext: null,
    process: null,
    sentAfter: null,
    answeredAfter: null,
    lookedAt: null,
    whyOpen: null,
    ...more,
  };
}
