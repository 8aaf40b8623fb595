/**
 * There was no answer of Nova's own: it, Keystone, or what is between does not work. What Nova would have said is
 * not known. The message is for the operator, and has no secret in it.
 */
export class NovaUnavailable extends Error {}

/** Nova itself answered, but not what was asked for: a 403 of its policy, or a 500 about this one server. */
export class NovaRefused extends Error {
  constructor(
    path: string,
    readonly status: number,
  ) {
    super(`Nova answered ${status} to GET ${path}`);
  }
}

/** The time for asking is over: what was not asked is asked the next time. */
export class OutOfTime extends Error {}
