import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Task } from '../task.entity.js';

const TASK = Symbol('task');

/** A property, not an entry of a weak map: one for each request would be work for the garbage collector. */
interface Recorded {
  [TASK]?: Task;
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
