import type { Task } from './task.js';

/** What every result tells. */
export interface Told {
  /** The tag under which the server knows the request. */
  tag: string;
  /** How often it was sent. */
  sent: number;
}

/** What a result tells when the answer to the request did not arrive, or did not say enough. */
export interface Unanswered extends Told {
  /** What came last, if anything did: the refusal of a second copy, or a 503. */
  response?: Response;
  /** Why nothing came, or why nothing could be found out, such as a `LookUpError`. */
  cause?: unknown;
}

/** An answer arrived: whatever it says is the server's word, also a 4xx. */
export interface Answered extends Told {
  outcome: 'answered';
  /** The answer. Its body has arrived as a whole. */
  response: Response;
  /** With `wait`: the task as it was last seen, if the request is one. */
  task?: Task;
}

/** The request was accepted, but its answer did not arrive; or it had been accepted before this call. */
export interface Accepted extends Unanswered {
  outcome: 'accepted';
  /** What became of it so far. It may have failed since: see `task.state`. */
  task: Task;
}

/**
 * The request was not accepted as of the last look-up, and is not sent again. A copy that the network still holds may
 * arrive yet, so whoever tries anew uses the same tag: then at most one of them is carried out.
 */
export interface NotAccepted extends Unanswered {
  outcome: 'notAccepted';
  /** The task, when the rejection is on record; `task.fault` says why. */
  task?: Task;
}

/** Nobody could say in time whether the request was accepted. Sending it again later, with the same tag, is safe. */
export interface Unknown extends Unanswered {
  outcome: 'unknown';
  /** The task, when the request is on record and being found out about. */
  task?: Task;
}

/** What became of a request. */
export type TaggedResult = Answered | Accepted | NotAccepted | Unknown;

/** The caller's signal ended the call. What became of the request is not known; ask later, by sending it again. */
export class TaggedAbortError extends Error {
  /** That of the signal's reason, so `AbortError` or `TimeoutError` with the signals of the platform. */
  override readonly name: string;

  constructor(
    /** The signal's reason. */
    override readonly cause: unknown,
    /** The tag under which the server knows the request, if it got there. */
    readonly tag: string,
    /** How often it was sent; after 0 nothing has happened. */
    readonly sent: number,
  ) {
    super(`The call was ended; the request has the tag ${tag} and was sent ${sent} times`);
    this.name = cause instanceof Error ? cause.name : 'AbortError';
  }
}
