import { destination, type Logger, type LoggerOptions, pino, stdTimeFunctions } from 'pino';

/** What the line of a request says. Such lines may wait for each other; any other one is written at once. */
export const REQUEST_LINE = 'request';

/** Lines are written together, up to so many bytes; less than what a pipe takes in one piece, whoever else writes to it. */
const TOGETHER_BYTES = 2048;

/** How long a line waits for others, in milliseconds. */
const WAIT_MS = 250;

let output: ReturnType<typeof destination> | undefined;

/** One for the process. To write each line by itself costs more than all else that is done for a request. */
function standardOutput(): ReturnType<typeof destination> {
  if (output !== undefined) return output;
  output = destination({ dest: 1, sync: true, minLength: TOGETHER_BYTES, periodicFlush: WAIT_MS });
  process.on('exit', () => output?.flushSync());
  return output;
}

/**
 * The log: one JSON object per line on standard output.
 *
 * @param pid stands in each line, where several processes write to one log
 */
export function createLogger(level: string, pid?: number): Logger {
  const options: LoggerOptions = {
    level,
    base: pid === undefined ? undefined : { pid },
    timestamp: stdTimeFunctions.isoTime,
    serializers: { err: errorFacts },
    hooks: {
      logMethod(words, write) {
        write.apply(this, words);
        if (words[1] !== REQUEST_LINE) output?.flushSync();
      },
    },
  };
  return pino(options, standardOutput());
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
