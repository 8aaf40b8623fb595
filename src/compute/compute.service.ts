import type { FastifyRequest } from 'fastify';
import type { Caller } from '../identity/caller.js';
import type { Microversion } from '../openstack/microversion.js';
import type { Observable } from 'rxjs';
import type { HttpAnswer } from './http-answer.js';
import type { Outcome, Resource } from '../tasks/task.states.js';

/** A task-enabled request on its way to the compute service. */
export interface ComputeRequest {
  /** Id of the task that it is recorded as. The compute service keeps it, so that it can be asked about it. */
  taskUuid: string;
  /** When that was, in epoch milliseconds. */
  recordedAt: number;
  /** False when it could not be recorded and is carried out all the same (`DATABASE_DOWN=pass`). */
  isRecorded: boolean;
  /** Whether it has a tag. */
  isTagged: boolean;
  /** Nova's instance action, such as `create` or `reboot`. */
  task: string;
  caller: Caller;
  microversion: Microversion;
  /** The server of the URL; `null` for a create. */
  serverId: string | null;
  /** The volume, port or attachment of the URL, where there is one. */
  subresourceId: string | null;
  body: unknown;
  /** The request itself, for links and for what is passed on as it came. */
  http: FastifyRequest;
}

/** The compute service's own answer, which the client gets unchanged. */
export interface ComputeAnswer extends HttpAnswer {
  /** What the answer says of the task. */
  outcome: Outcome;
}

/** What the compute service needs to know of a task to tell what became of it. */
export interface ObservedTask {
  uuid: string;
  task: string;
  state: string;
  serverId: string | null;
  projectId: string;
  userId: string;
  /** `null` for one without a tag. */
  tag: string | null;
  requestId: string | null;
  /** What it acts on, as far as is known. */
  resource: Resource | null;
  /** Epoch milliseconds. */
  startTime: number;
  /** Epoch milliseconds. */
  lastUpdated: number;
}

/**
 * What is known of a task now. `rejected` is a fact: the request was not accepted, and never will be, even if it
 * should still be on its way. `undetermined` says when to ask again.
 */
export interface Observation {
  uuid: string;
  outcome: Outcome | { state: 'undetermined'; lookAgainAt: number };
}

/** An observation that a compute service tells by itself. */
export interface News extends Observation {
  /** Told when it is being recorded, to who wants to know whether it has been. */
  recording?: (record: Promise<void>) => void;
}

/** The port to a compute service. */
export abstract class ComputeService {
  /**
   * Carries out one request, once. An `ApiError` with a 4xx status means that nothing was done.
   */
  abstract submit(request: ComputeRequest): Promise<ComputeAnswer>;

  /** Tells what became of tasks, one observation for each. */
  abstract observe(tasks: ObservedTask[]): Promise<Observation[]>;

  /**
   * Which of some servers exist, of any project. One that cannot be asked about now counts as existing; one that is
   * not among them is gone for good.
   *
   * @param signal ends the asking: the rest counts as existing
   */
  abstract existingServers(ids: string[], signal: AbortSignal): Promise<ReadonlySet<string>>;

  /** News of tasks, as soon as there is any. Only a hint: some may be lost, and `observe` is asked in the end. */
  abstract readonly news: Observable<News>;

  /** Whether `showServer` finds out itself who may ask. Where not, the request has passed `TenantGuard` before. */
  abstract readonly judgesTokens: boolean;

  /**
   * The answer to `GET /servers/{id}`: 404 for a server that the project of the request does not have.
   *
   * @param id whatever the client takes for an id, as a byte string
   */
  abstract showServer(id: string, http: FastifyRequest): Promise<HttpAnswer>;

  /**
   * The task that an action of `POST /servers/{id}/action` is, by the key of the body; `null` when there is none. Throws
   * an `ApiError` for one that is known, and not done here.
   */
  abstract taskOfAction(key: string, http: FastifyRequest): string | null;
}
