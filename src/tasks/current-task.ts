import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Task } from './task.entity.js';

const TASK = Symbol('task');
const TRACKED = Symbol('tracked');

/** A property, not an entry of a weak map: one for each request would be work for the garbage collector. */
interface Recorded {
  [TASK]?: Task;
  [TRACKED]?: true;
}

/** Takes a request for tracking; false when it was taken before. */
export function markTracked(request: object): boolean {
  const isFirst = (request as Recorded)[TRACKED] === undefined;
  (request as Recorded)[TRACKED] = true;
  return isFirst;
}

/** Remembers the task that a request was recorded as. */
export function setCurrentTask(request: object, task: Task): void {
  (request as Recorded)[TASK] = task;
}

/** The task that a request was recorded as. */
export function currentTask(request: object): Task | undefined {
  return (request as Recorded)[TASK];
}

/** Injects the task of a `@Tracked()` handler's request. */
export const CurrentTask = createParamDecorator((_: unknown, context: ExecutionContext) =>
  currentTask(context.switchToHttp().getRequest<object>()),
);
