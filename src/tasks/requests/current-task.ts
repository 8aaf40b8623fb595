import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { requestOf } from '../../http/http-context.js';
import { requestFact } from '../../http/request-fact.js';
import type { Task } from '../task.entity.js';

/** The task under which a request was recorded. */
export const { set: setCurrentTask, known: currentTask } = requestFact<Task>('@Tracked()');

/** Injects the task of a `@Tracked()` handler's request, mutation or message. */
export const CurrentTask = createParamDecorator((_: unknown, context: ExecutionContext) =>
  currentTask(context.getType() === 'http' ? requestOf(context) : callHolder(context)),
);

/** The task of a job whose `process` is `@Tracked()`; `undefined` if it is not. */
export function taskOf(job: object): Task | undefined {
  return currentTask(job);
}

type Handler = ReturnType<ExecutionContext['getHandler']>;

const holders = new WeakMap<object, Map<Handler, object>>();

/**
 * What holds the task of a call outside HTTP: an object for each handler, since an event may have several. GraphQL gives
 * each field an `info` of its own, and a transport each message a context.
 */
export function callHolder(context: ExecutionContext): object {
  const [, ofMessage, , ofField] = context.getArgs<[unknown, object, unknown, object]>();
  const key = context.getType<string>() === 'graphql' ? ofField : ofMessage;
  if (typeof key !== 'object' || key === null) return {};
  const byHandler = holders.get(key) ?? new Map<Handler, object>();
  holders.set(key, byHandler);
  const holder = byHandler.get(context.getHandler()) ?? {};
  byHandler.set(context.getHandler(), holder);
  return holder;
}
