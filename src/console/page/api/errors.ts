/** The server did not answer, or is not ready to. Another try may help. */
export class AwayError extends Error {}

/** The token is missing or not valid any more. */
export class SignedOutError extends Error {}

/** The server has answered with an error, whose text is for the user. */
export class RefusedError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The text of an error answer, in Nova's, Keystone's or Nest's shape. */
export function textOfAnswer(status: number, body: unknown): string {
  const [inside] = Object.values((body ?? {}) as Record<string, unknown>);
  for (const place of [inside, body]) {
    const { message } = (place ?? {}) as { message?: unknown };
    if (typeof message === 'string' && message !== '') return message;
  }
  return `The server answered ${status}.`;
}
