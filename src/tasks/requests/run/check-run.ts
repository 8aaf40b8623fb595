import { checkDuplicates } from '../check-tracked.js';
import { assertKnown } from '../../known-options.js';
import type { RunOptions } from './run.options.js';

const KNOWN: Record<keyof RunOptions, string> = {
  projectId: 'string',
  userId: 'string',
  tag: 'string or null',
  task: 'string',
  parameters: 'any',
  resource: 'object or null',
  duplicates: 'string',
  answerAgain: 'function',
  replay: 'object',
  sameTransaction: 'boolean',
  outcome: 'function',
  outcomeOfError: 'function',
};

const REQUIRED = ['projectId', 'tag', 'task'];

/**
 * Checks the options of a run, so that a mistake stops it before anything is recorded.
 *
 * @throws TypeError for an unknown, missing or invalid option
 */
export function checkRun<Result>(options: RunOptions<Result>, work: unknown): void {
  assertKnown(options ?? {}, Object.keys(KNOWN), 'tasks.run()');
  const given: Record<string, unknown> = { ...options };
  for (const [name, types] of Object.entries(KNOWN)) {
    const value = given[name];
    const isLeftOut = value === undefined && !REQUIRED.includes(name);
    const type = value === null ? 'null' : typeof value;
    if (!isLeftOut && types !== 'any' && !types.split(' or ').includes(type))
      throw new TypeError(`The option ${name} of tasks.run() must be of the type ${types}.`);
  }
  if (typeof work !== 'function')
    throw new TypeError('tasks.run() needs the work, a function, after its options.');
  checkDuplicates(options, 'tasks.run()');
}
