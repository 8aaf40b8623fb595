import { parseArgs } from 'node:util';
import { UsageError } from '../command.errors.js';
import type { Command } from '../commands/command.js';
import { Given } from './given.js';
import { COMMON_OPTIONS, type OptionSpecs } from './options.js';

/** What the user wants: a command, or only its help. */
export type Parsed =
  { is: 'help'; command?: Command } | { is: 'version' } | { is: 'run'; command: Command; given: Given };

/** @throws UsageError with the reason, which names the help */
export function parse(args: readonly string[], commands: readonly Command[]): Parsed {
  const name = nameIn(args);
  if (name === undefined) return withoutCommand(args);
  const named = name === 'help' ? args.filter((arg) => arg !== 'help')[0] : name;
  const command = commands.find((one) => one.name === named);
  if (named !== undefined && command === undefined)
    throw new UsageError(`There is no command ${named}. See tasktag --help.`);
  if (command === undefined || name === 'help') return { is: 'help', ...(command && { command }) };
  return parseOf(command, args);
}

function parseOf(command: Command, args: readonly string[]): Parsed {
  const { values, positionals } = usage(command.name, () =>
    parseArgs({
      args: [...args],
      options: { ...COMMON_OPTIONS, ...command.options },
      allowPositionals: true,
    }),
  );
  if (values['help'] === true) return { is: 'help', command };
  const [, ...words] = positionals;
  const [least, most] = command.words;
  if (words.length < least || words.length > most) {
    const need = command.usage === '' ? 'takes no arguments' : `takes ${command.usage}`;
    throw new UsageError(`tasktag ${command.name} ${need}. See tasktag ${command.name} --help.`);
  }
  return { is: 'run', command, given: new Given(values, words) };
}

function withoutCommand(args: readonly string[]): Parsed {
  const options: OptionSpecs = { ...COMMON_OPTIONS, version: { type: 'boolean', help: '' } };
  const { values } = usage('', () => parseArgs({ args: [...args], options }));
  if (values['version'] === true) return { is: 'version' };
  if (values['help'] === true) return { is: 'help' };
  throw new UsageError('Which command? See tasktag --help.');
}

/** The first word that is no option, nor an option's value. */
function nameIn(args: readonly string[]): string | undefined {
  const { positionals } = parseArgs({ args: [...args], options: COMMON_OPTIONS, strict: false });
  return positionals[0];
}

function usage<T>(command: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [what] = error.message.split('. ');
    throw new UsageError(`${what}. See tasktag ${command}${command && ' '}--help.`);
  }
}
