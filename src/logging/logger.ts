import { pino, type Logger } from 'pino';

/**
 * The log: one JSON object per line on standard output.
 *
 * @param pid stands in each line, where several processes write to one log
 */
export function createLogger(level: string, pid?: number): Logger {
  return pino({
    level,
    base: pid === undefined ? undefined : { pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: errorFacts },
  });
}

/**
 * What may be logged of an error. Not its stack, and of a database error neither the statement nor its parameters:
 * they hold what users sent.
 */
function errorFacts(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, code } = error as Error & { code?: string };
  return { name, message, code };
}
