import { destination, type Logger, type LoggerOptions, pino, stdTimeFunctions } from 'pino';

/** Marks the line of a request. Such lines may wait for each other; any other line is written at once. */
export const REQUEST_LINE = 'request';

/** The most bytes written together; less than a pipe takes in one piece, even with other writers on it. */
const TOGETHER_BYTES = 2048;

/** How long a line waits for others, in milliseconds. */
const WAIT_MS = 250;

let output: ReturnType<typeof destination> | undefined;

/** One for the process. Writing each line separately costs more than everything else done for a request. */
function standardOutput(): ReturnType<typeof destination> {
  if (output !== undefined) return output;
  output = destination({ dest: 1, sync: true, minLength: TOGETHER_BYTES, periodicFlush: WAIT_MS });
  process.on('exit', () => output?.flushSync());
  return output;
}

/**
 * The log: one JSON object per line on standard output.
 *
 * @param pid appears in each line, if several processes write to one log
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
 * The parts of an error that may be logged: not its stack, and neither the statement nor the parameters of a database
 * error, since they contain users' data.
 */
function errorFacts(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, code } = error as Error & { code?: string };
  return { name, message, code };
}
