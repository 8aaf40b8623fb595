import type { Api } from '../api/api.js';
import type { Given } from '../arguments/given.js';
import type { OptionSpecs } from '../arguments/options.js';
import type { ExitCode } from '../exit-codes.js';
import type { Messages } from '../output/messages.js';
import type { Output } from '../output/output.js';

/** What a command works with. */
export interface Context {
  output: Output;
  messages: Messages;
  /** Ctrl-C. */
  signal: AbortSignal;
  stdin: NodeJS.ReadableStream;
  /** Finds the API, and signs in. */
  connect: () => Promise<Api>;
}

/** A command of `tasktag`. */
export interface Command {
  name: string;
  /** What it does, in one line. */
  summary: string;
  /** More of that. */
  about: string;
  /** Its words, as the help names them. */
  usage: string;
  /** How many words it takes, at least and at most. */
  words: readonly [number, number];
  options: OptionSpecs;
  run: (context: Context, given: Given) => Promise<ExitCode>;
}
