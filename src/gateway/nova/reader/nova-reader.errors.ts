/**
 * There was no answer of Nova's own: it, Keystone, or what is between does not work. What Nova would have said is
 * not known. The message is for the operator, and has no secret in it.
 */
export class NovaUnavailable extends Error {}

/** Nova works, and yet did not answer one question in time: it may be about a cell that hangs. */
export class NovaSlow extends Error {
  constructor(path: string) {
    super(`Nova does not answer GET ${path} in time`);
  }
}

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
