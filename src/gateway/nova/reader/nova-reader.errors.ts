/**
 * There was no answer from Nova itself: Nova, Keystone, or something in between does not work. Nova's answer remains
 * unknown. The message is for the operator, and contains no secret.
 */
export class NovaUnavailable extends Error {}

/** Nova works, but did not answer one question in time: it may concern a cell that hangs. */
export class NovaSlow extends Error {
  constructor(path: string) {
    super(`Nova does not answer GET ${path} in time`);
  }
}

/** Nova itself answered with a refusal: a 403 of its policy, or a 500 about this one server. */
export class NovaRefused extends Error {
  constructor(
    path: string,
    readonly status: number,
  ) {
    super(`Nova answered ${status} to GET ${path}`);
  }
}

/** The time for queries is over: the remaining ones are left for the next look. */
export class OutOfTime extends Error {}
