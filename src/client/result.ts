import type { Task } from './task.js';

/** The facts in every result. */
export interface ResultFacts {
  /** The tag under which the server knows the request. */
  tag: string;
  /** How often it was sent. */
  sent: number;
}

/** The facts in a result when the answer to the request did not arrive, or was inconclusive. */
export interface Unanswered extends ResultFacts {
  /** The last answer, if any came: the refusal of a second copy, or a 503. */
  response?: Response;
  /** Why no answer came, or why the look-up failed, such as a `LookUpError`. */
  cause?: unknown;
}

/** An answer arrived. Whatever it says, also a 4xx, is the server's word. */
export interface Answered extends ResultFacts {
  outcome: 'answered';
  /** The answer. Its body has arrived completely. */
  response: Response;
  /** With `wait`: the task as it was last seen, if the request has one. */
  task?: Task;
}

/** The request was accepted, but its answer did not arrive; or it had been accepted before this call. */
export interface Accepted extends Unanswered {
  outcome: 'accepted';
  /** The task so far. It may have failed since: see `task.state`. */
  task: Task;
}

/**
 * The request was not accepted as of the last look-up, and is not sent again. A copy still in the network may yet
 * arrive, so use the same tag to try again: then at most one of them is carried out.
 */
export interface NotAccepted extends Unanswered {
  outcome: 'notAccepted';
  /** The task, if the rejection is on record; `task.fault` gives the reason. */
  task?: Task;
}

/**
 * The tag was abandoned. The request was not carried out, and never will be under this tag: to try again, send it under
 * a new one.
 */
export interface Abandoned extends Unanswered {
  outcome: 'abandoned';
  /** The abandonment; `task.resolved` says by whom, when and why. */
  task: Task;
}

/** It was not known in time whether the request was accepted. Sending it again later, with the same tag, is safe. */
export interface Unknown extends Unanswered {
  outcome: 'unknown';
  /** The task, if the request is on record and its outcome still open. */
  task?: Task;
}

/** The outcome of a request. */
export type TaggedResult = Answered | Accepted | NotAccepted | Abandoned | Unknown;

/** The caller's signal ended the call. The outcome of the request is not known; send it again later to learn it. */
export class TaggedAbortError extends Error {
  /** The name of the signal's reason: `AbortError` or `TimeoutError` with the platform's own signals. */
  override readonly name: string;

  constructor(
    /** The signal's reason. */
    override readonly cause: unknown,
    /** The tag under which the server knows the request, if it arrived. */
    readonly tag: string,
    /** How often it was sent; after 0 nothing has happened. */
    readonly sent: number,
  ) {
    super(`The call was aborted; its request has the tag ${tag} and was sent ${sent} times`);
    this.name = cause instanceof Error ? cause.name : 'AbortError';
  }
}
