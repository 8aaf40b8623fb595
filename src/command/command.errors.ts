import { EXIT, type ExitCode } from './exit-codes.js';

/** Ends the command with a text for the user, and an exit code. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';

  constructor(
    readonly exit: ExitCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The command line or the configuration is wrong. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';

  constructor(message: string) {
    super(EXIT.usage, message);
  }
}

/** No answer came: nobody listens there, the connection broke, or it took too long. It may be worth another try. */
export class UnreachableError extends CommandError {
  override readonly name = 'UnreachableError';

  constructor(message: string, options?: ErrorOptions) {
    super(EXIT.unreachable, message, options);
  }
}
