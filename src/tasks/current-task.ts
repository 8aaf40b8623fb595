import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Task } from './task.entity.js';

const tasks = new WeakMap<object, Task>();

/** Remembers the task that a request was recorded as. */
export function setCurrentTask(request: object, task: Task): void {
  tasks.set(request, task);
}

/** The task that a request was recorded as. */
export function currentTask(request: object): Task | undefined {
  return tasks.get(request);
}

/** Injects the task of a `@Tracked()` handler's request. */
export const CurrentTask = createParamDecorator((_: unknown, context: ExecutionContext) =>
  currentTask(context.switchToHttp().getRequest<object>()),
);
