import { parse } from './arguments/parse.js';
import { help, helpOf } from './arguments/help.js';
import { connect } from './cloud/connect.js';
import { CommandError } from './command.errors.js';
import { COMMANDS } from './commands/index.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { Messages } from './output/messages.js';
import { FORMATS, Output, type Stream } from './output/output.js';

/** What the command gets from its process. */
export interface Process {
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  stdin: NodeJS.ReadableStream;
  stdout: Stream;
  stderr: Stream;
  signal: AbortSignal;
  version: string;
}

/** Runs the command line, and gives the exit code. */
export async function run({
  args,
  env,
  cwd,
  stdin,
  stdout,
  stderr,
  signal,
  version,
}: Process): Promise<ExitCode> {
  const messages = new Messages(stderr, args.includes('--debug'));
  try {
    const parsed = parse(args, COMMANDS);
    if (parsed.is === 'version') stdout.write(`tasktag ${version}\n`);
    if (parsed.is === 'help')
      stdout.write(parsed.command === undefined ? help(COMMANDS) : helpOf(parsed.command));
    if (parsed.is !== 'run') return EXIT.well;
    const { command, given } = parsed;
    const output = new Output(stdout, env, given.oneOf('format', FORMATS), given.texts('columns'));
    return await command.run(
      { output, messages, signal, stdin, connect: () => connect(given, { env, cwd, messages, signal }) },
      given,
    );
  } catch (error) {
    messages.done();
    if (signal.aborted) return EXIT.interrupted;
    if (error instanceof CommandError) {
      messages.note(`tasktag: ${error.message}`);
      return error.exit;
    }
    messages.note(
      `tasktag: this is a defect of the command: ${(error as Error).message}. --debug shows more.`,
    );
    messages.debug((error as Error).stack ?? '');
    return EXIT.defect;
  }
}
