import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { requestFact } from '../../http/request-fact.js';
import type { Task } from '../task.entity.js';

/** The task under which a request was recorded. */
export const { set: setCurrentTask, known: currentTask } = requestFact<Task>('@Tracked()');

/** Injects the task of a `@Tracked()` handler's request. */
export const CurrentTask = createParamDecorator((_: unknown, context: ExecutionContext) =>
  currentTask(context.switchToHttp().getRequest<object>()),
);
