import type { Command } from '../commands/command.js';
import { COMMON_OPTIONS, type OptionSpecs } from './options.js';

const WIDTH = 27;

const EXITS = `exit codes
  0    it ended well
  1    the task failed
  2    the command line, a file, the configuration or the question is wrong
  3    there is no such task
  4    it was still open at the end of the time
  5    the server cannot be reached, or there is no Tasktag at that address
  6    the server refused
  130  Ctrl-C    141  the reader has gone, as with "| head"`;

/** The help of the whole command. */
export function help(commands: readonly Command[]): string {
  const lines = commands.map(({ name, usage, summary }) => entry(`${name} ${usage}`.trim(), summary));
  return `usage: tasktag [options] COMMAND …

Asks a Tasktag API for the outcome of requests by their tags. It signs in as the openstack command does, by
clouds.yaml or OS_*, or takes TASKTAG_URL and TASKTAG_TOKEN.

commands
${lines.join('\n')}

options of all commands
${optionLines(COMMON_OPTIONS)}
${entry('--version', 'show the version')}

${EXITS}

tasktag COMMAND --help shows a command's own options.
`;
}

/** The help of one command. */
export function helpOf({ name, usage, summary, about, options }: Command): string {
  const own = Object.keys(options).length > 0 ? `\noptions\n${optionLines(options)}\n` : '';
  return `usage: tasktag ${name} [options]${usage && ` ${usage}`}

${summary[0]?.toUpperCase()}${summary.slice(1)}.${about === '' ? '' : `\n\n${about}`}
${own}
options of all commands
${optionLines(COMMON_OPTIONS)}

${EXITS}
`;
}

function optionLines(options: OptionSpecs): string {
  return Object.entries(options)
    .map(([name, { short, value, help: text }]) =>
      entry(
        `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
        text,
      ),
    )
    .join('\n');
}

/** A name and what it means, below it when the name is long. */
function entry(name: string, text: string): string {
  return name.length < WIDTH - 1
    ? `  ${name.padEnd(WIDTH)}${text}`
    : `  ${name}\n  ${' '.repeat(WIDTH)}${text}`;
}
