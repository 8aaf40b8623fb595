/** BullMQ knows these by their names, so that its package need not be loaded here. */
class NamedError extends Error {
  constructor(name: string, message: string, cause: unknown) {
    super(message, { cause });
    this.name = name;
  }
}

/** The job was put back: it is neither done nor failed. */
export function delayed(cause: Error): Error {
  return new NamedError('DelayedError', cause.message, cause);
}

/** The job has failed, and is not tried again. */
export function unrecoverable(message: string, cause: unknown): Error {
  return new NamedError('UnrecoverableError', message, cause);
}
