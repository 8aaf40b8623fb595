import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import type { Caller } from '../identity/caller.js';
import type { Microversion } from '../openstack/microversion.js';
import type { Observation } from '../tasks/following/task-observer.js';
import type { Outcome, Resource } from '../tasks/task.states.js';
import type { HttpAnswer } from './http-answer.js';

/** A task-enabled request on its way to the compute service. */
export interface ComputeRequest {
  /** Id of its task. The compute service keeps it, so that it can be asked about the request. */
  taskUuid: string;
  /** When it was recorded, in epoch milliseconds. */
  recordedAt: number;
  /** False when it could not be recorded and is carried out anyway (`DATABASE_DOWN=pass`). */
  isRecorded: boolean;
  /** Whether what it makes is to be found again when its answer is lost: it has a tag, or that answer may be given. */
  isMarked: boolean;
  /** Nova's instance action, such as `create` or `reboot`. */
  task: string;
  caller: Caller;
  microversion: Microversion;
  /** The server of the URL; `null` for a create. */
  serverId: string | null;
  /** The volume, port or attachment in the URL, if there is one. */
  subresourceId: string | null;
  body: unknown;
  /** The request itself, for links and for everything that is passed on unchanged. */
  http: FastifyRequest;
}

/** The compute service's own answer, which the client gets unchanged. */
export interface ComputeAnswer extends HttpAnswer {
  /** The state of the task according to the answer. */
  outcome: Outcome;
}

/** The facts by which the compute service finds the outcome of a task. */
export interface ObservedTask {
  uuid: string;
  task: string;
  state: string;
  serverId: string | null;
  projectId: string;
  userId: string;
  /** See `ComputeRequest`. */
  isMarked: boolean;
  requestId: string | null;
  /** The object it acts on, if known. */
  resource: Resource | null;
  /** Epoch milliseconds. */
  startTime: number;
  /** Epoch milliseconds. */
  lastUpdated: number;
  /** When it was last looked at, in epoch milliseconds; `null`: not yet. */
  lookedAt: number | null;
}

export type { Observation };

/** An observation that a compute service reports of its own accord. */
export interface News extends Observation {
  /** Called when it is being recorded, with a promise of whether it has been. */
  recording?: (record: Promise<void>) => void;
}

/** The port to a compute service. */
export abstract class ComputeService {
  /**
   * Carries out one request, once. An `ApiError` with a 4xx status means that nothing was done.
   */
  abstract submit(request: ComputeRequest): Promise<ComputeAnswer>;

  /** Observes tasks, one observation for each. */
  abstract observe(tasks: ObservedTask[]): Promise<Observation[]>;

  /**
   * The ids, among those given, of servers that exist in any project. A server that cannot be looked up now counts as
   * existing; one that is missing from the result is gone for good.
   *
   * @param signal ends the look-ups: the remaining servers count as existing
   */
  abstract existingServers(ids: string[], signal: AbortSignal): Promise<ReadonlySet<string>>;

  /** News of tasks, as soon as there is any. Only a hint: some may be lost, and `observe` has the last word. */
  abstract readonly news: Observable<News>;

  /** Whether `showServer` checks the caller's token itself. If not, the request has passed `TenantGuard` before. */
  abstract readonly judgesTokens: boolean;

  /**
   * The answer to `GET /servers/{id}`: 404 for a server that the request's project does not have.
   *
   * @param id the id as the client wrote it, as a byte string
   */
  abstract showServer(id: string, http: FastifyRequest): Promise<HttpAnswer>;

  /**
   * What `GET /servers/{id}/{part}` shows to the sender of a request, such as `os-interface/{port}`; of the server itself
   * for an empty part.
   *
   * @returns `null` if there is nothing, or nothing that may be seen
   */
  abstract show(id: string, part: string, http: FastifyRequest): Promise<object | null>;

  /**
   * The name of the task for an action of `POST /servers/{id}/action`, by the key of the body; `null` if unknown.
   * Throws an `ApiError` for an action that is known but not supported here.
   */
  abstract taskOfAction(key: string, http: FastifyRequest): string | null;
}
