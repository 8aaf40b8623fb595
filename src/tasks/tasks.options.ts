import type { IncomingMessage } from 'node:http';
import { httpException } from './http-exception.js';

/** Whose request it is. Nothing of another project is ever shown to it or matched with it. */
export interface Requester {
  /** The tenant, 1 to 64 characters. */
  projectId: string;
  /** Who of it, at most 64 characters; shown with the task. */
  userId: string;
}

/** The `requester` of an application that has one tenant only: all its requests are of one project. */
export const singleTenant = (): Requester => ({ projectId: 'single-tenant', userId: '' });

/** What the application tells the module about its requests. The defaults know no particular API. */
export class TasksOptions<Request = unknown> {
  /** Name of the header that carries the tag, and of the one that echoes it. @default 'Task-tag' */
  tagHeader = 'Task-tag';

  /** Whether a tracked request without a tag is refused. @default false */
  tagRequired = false;

  /** Where else a request may have its tag, as a byte string; the header wins. @default nowhere */
  otherTag: (request: Request) => string | null = () => null;

  /**
   * What the same tag on another request is: one more task of a group, or refused. Changing it affects the requests
   * from then on. @default 'group'
   */
  tagReuse: 'group' | 'refuse' = 'group';

  /**
   * What becomes of a request without a tag that cannot be recorded, since the database is down: it is refused, or goes
   * on unrecorded. One with a tag is always refused. @default 'refuse'
   */
  unrecorded: 'pass' | 'refuse' = 'refuse';

  /** Who sent the request, as a guard found out. There is no default: a missing tenant would be everybody. */
  requester!: (request: Request) => Requester;

  /**
   * What is thrown for an error of this module, or of the database while a request is recorded. By default, what Nest's
   * own filter answers right: an HttpException. @default httpException
   */
  exception: (error: unknown) => unknown = httpException;

  /** Path and query of the request, less what is no part of it, such as a version prefix. @default the URL as it is */
  requestUrl: (url: string) => string = (url) => url;

  /** The request's id, and the one that the client gave it, to find a task by. @default none */
  requestIds: (request: Request) => { requestId: string | null; globalRequestId: string | null } = () => ({
    requestId: null,
    globalRequestId: null,
  });

  /** The link to a task that a refusal gives as `rel="related"`. @default none */
  taskUrl: (request: Request, uuid: string) => string | null = () => null;

  /** How long a request may take before tracking looks whether its process has died, in milliseconds. @default 5000 */
  pendingMs = 5000;

  /**
   * How long a task is kept after it has ended, in milliseconds; `null`: for ever. Its key goes with it, and the same
   * request would be accepted again. @default null
   */
  retentionMs: number | null = null;

  /** The clock, in epoch milliseconds. @default Date.now */
  now: () => number = Date.now;
}

/** A class that makes the options when the application starts (`useClass`, `useExisting`). */
export interface TasksOptionsFactory<Request = unknown> {
  createTasksOptions(): TasksOptionsInput<Request> | Promise<TasksOptionsInput<Request>>;
}

/** The options that have no default must be given, the others may. */
export type TasksOptionsInput<Request> = Partial<TasksOptions<Request>> &
  Pick<TasksOptions<Request>, 'requester'>;

export const TASKS_OPTIONS = Symbol('TASKS_OPTIONS');

/** Node's own request, under whatever the platform wraps it in. */
export function nodeRequest(request: unknown): IncomingMessage {
  return (request as { raw?: IncomingMessage }).raw ?? (request as IncomingMessage);
}
