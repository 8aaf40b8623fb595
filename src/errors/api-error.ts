/**
 * The one family of errors that clients may see. Any other error is answered with a bare 500, and its text goes to the
 * log only.
 *
 * A subclass says in `message` how the user can solve the problem; `code` is stable and meant for programs.
 */
export class ApiError extends Error {
  /** When to try again, in seconds: the answer's `Retry-After`. @default no such header */
  readonly retryAfter?: number;

  constructor(
    /** Stable name of the condition, in upper snake case. */
    readonly code: string,
    /** HTTP status of the answer. */
    readonly status: number,
    message: string,
    /** Further properties of the answer's body, besides the status and the message. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = new.target.name;
  }
}
