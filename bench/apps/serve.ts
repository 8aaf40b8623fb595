/** What a candidate is told by its parent. */
export interface AppOptions {
  /** A `DATABASE_URL`; empty for a candidate without a database. */
  databaseUrl: string;
}

/** The memory of a process after a full garbage collection, in bytes. */
export interface Memory {
  rss: number;
  heapUsed: number;
}

/** Starts an app as its parent says, tells it the address, and from then on the memory whenever it asks. */
export function serve(start: (options: AppOptions) => Promise<string>): void {
  process.on('message', (message: AppOptions | { ask: 'memory' }) => {
    if ('ask' in message) process.send?.(memory());
    else start(message).then((url) => process.send?.(url), fail);
  });
  // An end in good order, so that Node's profilers write what they have.
  process.once('SIGTERM', () => process.exit(0));
  process.once('disconnect', () => process.exit(0));
}

function memory(): Memory {
  // Twice: what the first one finalises, the second one frees. Needs --expose-gc.
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed };
}

function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}
