import type { EntityManager } from 'typeorm';
import { checkTasksOptions } from './check-tasks-options.js';
import { httpException } from './controller/http-exception.js';
import { assertKnown } from './known-options.js';
import type { OtherTag } from './other-tag.js';
import { OutsideHttpOptions } from './requests/calls/call.options.js';
import type { Task } from './task.entity.js';
import type { Outcome, Resource } from './task.states.js';

/** The tenant and the user of a request. Another tenant's tasks are never shown to it or matched with it. */
export interface Requester {
  /** The tenant, 1 to 64 characters, without white space at its ends. */
  projectId: string;
  /** The user, at most 64 characters; shown with the task. */
  userId: string;
}

/** Returns the tenant and the user of a request that the host's guards have let in. */
export type TenantResolver<Request = unknown> = (request: Request) => Requester | Promise<Requester>;

/** The `requester` of an application with only one tenant: all its requests belong to one project. */
export const singleTenant = (): Requester => ({ projectId: 'single-tenant', userId: '' });

/** Options of the module. The defaults assume no particular API. */
export class TasksOptions<Request = unknown> extends OutsideHttpOptions {
  /** Name of the header that carries the tag, and of the one that echoes it. @default 'Task-tag' */
  tagHeader = 'Task-tag';

  /** Whether a tracked request without a tag is refused. @default false */
  tagRequired = false;

  /**
   * Another place where a request may have its tag, as a byte string; the header wins. An `OtherTag` instead means less
   * than a tag of the header (a label), or more (a name). @default none
   */
  otherTag: (request: Request) => string | OtherTag | null = () => null;

  /**
   * How the same tag on another request is handled: as one more task of a group, or refused. A change affects later
   * requests only. @default 'group'
   */
  tagReuse: 'group' | 'refuse' = 'group';

  /**
   * How a request without a tag is handled while the database is down: it is refused, or goes on unrecorded. A request
   * with a tag is always refused. @default 'refuse'
   */
  unrecorded: 'pass' | 'refuse' = 'refuse';

  /** The sender of the request, as identified by a guard. There is no default, since all tenants would share it. */
  requester!: TenantResolver<Request>;

  /** The values to compare instead of a request's body: any JSON, or a promise of it. @default the body */
  parameters: ((request: Request) => unknown) | null = null;

  /**
   * Further media types whose bodies the application reads as JSON, in lower case and without parameters, such as
   * `text/plain`: the same JSON under any of them is the same request. @default `application/json`, `…+json` and none
   */
  jsonTypes: readonly string[] = [];

  /**
   * The outcome of a request whose handler threw; `null` leaves it to the default.
   *
   * @default Nest's own 4xx errors, except 408, are a rejection; any other error is `unknown`
   */
  outcomeOfError: (error: unknown, request: Request) => Outcome | null = () => null;

  /**
   * The exception for an error of this module, or of the database while a request is recorded. By default an
   * HttpException, which Nest's own filter answers correctly. @default httpException
   */
  exception: (error: unknown) => unknown = httpException;

  /**
   * Path and query of the request, without what does not belong to it, such as a version prefix. @default the URL as it
   * is
   */
  requestUrl: (url: string, request: Request) => string = (url) => url;

  /** The request's id, and the one that the client gave it, to find a task by. @default none */
  requestIds: (request: Request) => { requestId: string | null; globalRequestId: string | null } = () => ({
    requestId: null,
    globalRequestId: null,
  });

  /**
   * What a task is about, by its resource, such as `({ order }) => order ?? null`: `GET /tasks?subject=` finds the
   * tasks of a subject. 1 to 255 characters without a blank at the ends, or `null`. A change affects later tasks only.
   * @default none
   */
  subject: (resource: Resource) => string | null = () => null;

  /** The link to a task that a refusal gives as `rel="related"`. @default none */
  taskUrl: (request: Request, uuid: string) => string | null = () => null;

  /**
   * How long a request's process may be silent before it counts as dead, in milliseconds. A living process confirms
   * each of its running handlers. The clocks of all processes must agree better than this.
   * @default 5000
   */
  pendingMs = 5000;

  /**
   * Returns the outcome of a task that is `unknown`, because its process died or its handler failed, or `processing`.
   * `null`: not known yet; it is called again, after growing pauses of up to ten minutes. It is called in any process,
   * for a few tasks at a time, and given up after 30 seconds, when `signal` is aborted.
   *
   * It may return `rejected`, which frees the tag, only if the request can no longer be carried out. It is not enough
   * that nothing was done so far: the process may only be slow. @default such a task stays as it is
   */
  settle?: (task: Task, signal: AbortSignal) => Outcome | null | Promise<Outcome | null>;

  /**
   * The entity manager of the transaction that is open where it is called: `succeed`, `fail` and `reject` of a handler
   * with `sameTransaction` use it, unless they are passed a `manager`. `undefined`: no transaction is open there, and
   * they throw.
   *
   * `tasktag/nestjs-cls` and `tasktag/typeorm-transactional` have it for those packages.
   * @default none: such handlers pass the `manager`
   */
  currentManager?: () => EntityManager | undefined;

  /**
   * Whether this process resolves the tasks of processes that have died, by `settle`, and drops those older than
   * `retentionMs`. It does so for all tasks in the table, whichever application has recorded them.
   * @default true
   */
  sweep = true;

  /**
   * Whether this process reports that it is alive while its handlers run. It does so even when it does not sweep, since
   * others do.
   *
   * @internal
   */
  heartbeat = true;

  /**
   * How long a shutdown waits for running tracked requests, in milliseconds. The next process resolves the tasks of the
   * remaining ones. @default 30000
   */
  drainMs = 30_000;

  /**
   * How long a task is kept after it has ended, in milliseconds; `null`: for ever. It is dropped an hour later, or a
   * little more, with its key; after that, the same request would be accepted again. @default null
   */
  retentionMs: number | null = null;

  /**
   * The most connections that the module opens to the database, besides those of the host's data source. With SQLite
   * there are none: all share one. @default 5
   */
  connections = 5;

  /**
   * How long after it was lost the answer to a request without a tag may be given to the same request of the same user,
   * in milliseconds; `null`: never. It is given once. It counts for handlers with `answerAgain`. @default null
   */
  lostAnswersMs: number | null = null;

  /** The clock, in epoch milliseconds. @default Date.now */
  now: () => number = Date.now;
}

/** A class that makes the options when the application starts (`useClass`, `useExisting`). */
export interface TasksOptionsFactory<Request = unknown> {
  createTasksOptions(): TasksOptionsInput<Request> | Promise<TasksOptionsInput<Request>>;
}

/** Options without a default are listed by hand, since the class has no property for them. */
const NAMES = [...new Set([...Object.keys(new TasksOptions()), 'requester', 'settle', 'currentManager'])];

/**
 * The options with their defaults.
 *
 * @throws TypeError for a missing or invalid option
 */
export function tasksOptions<Request>(given: TasksOptionsInput<Request>): TasksOptions<Request> {
  if (typeof given !== 'object' || given === null) throw new TypeError('TasksModule got no options.');
  assertKnown(given, NAMES, 'TasksModule');
  // An option that is undefined counts as left out.
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const options: TasksOptions<Request> = Object.assign(new TasksOptions<Request>(), set);
  checkTasksOptions(options);
  return options;
}

/** Options without a default are required, the others optional. */
export type TasksOptionsInput<Request> = Partial<TasksOptions<Request>> &
  Pick<TasksOptions<Request>, 'requester'>;

/** Nest's error names it when the module was imported without options. */
export const TASKS_OPTIONS = Symbol('TasksModule.forRoot({ … })');
