import { replayOptions } from '../answers/replay.options.js';
import { assertKnown } from '../known-options.js';
import type { TrackedOptions } from './tracked.options.js';

const KNOWN: Record<keyof TrackedOptions<unknown>, string> = {
  task: 'string or function',
  resource: 'function',
  outcome: 'function',
  outcomeOfError: 'function',
  parameters: 'function',
  tag: 'function',
  requester: 'function',
  duplicates: 'string or function',
  answerAgain: 'function',
  replay: 'object',
  sameTransaction: 'boolean',
};

/**
 * Checks the options of a handler's decorator, so that a mistake stops the start rather than the first request.
 *
 * @throws TypeError for an unknown or invalid option
 */
export function checkTracked(options: TrackedOptions<never, never>): void {
  assertKnown(options ?? {}, Object.keys(KNOWN), '@Tracked()');
  const given: Record<string, unknown> = { ...options };
  for (const [name, type] of Object.entries(KNOWN)) {
    const isLeftOut = given[name] === undefined && name !== 'task';
    if (!isLeftOut && !type.split(' or ').includes(typeof given[name]))
      throw invalid(`${name} must be of the type ${type}`);
  }
  if (typeof options.task === 'string' && !/^[^\0]{1,64}$/s.test(options.task))
    throw invalid('task must be a name of 1 to 64 characters');
  checkDuplicates(options, '@Tracked()');
}

/**
 * Checks what the same request under the same tag is to get.
 *
 * @param whose the start of the message, such as `@Tracked()`
 * @throws TypeError for an invalid option
 */
export function checkDuplicates(
  options: Pick<TrackedOptions<never, never>, 'duplicates' | 'answerAgain' | 'replay'>,
  whose: string,
): void {
  const { duplicates = 'refuse', answerAgain } = options;
  if (typeof duplicates === 'string' && !['refuse', 'replay', 'answer'].includes(duplicates)) {
    throw invalid(
      'duplicates must be "refuse", "replay" or "answer", or a function that returns one of them',
      whose,
    );
  }
  if (duplicates === 'answer' && answerAgain === undefined)
    throw invalid('answerAgain is missing: duplicates is "answer"', whose);
  replayOptions(options.replay ?? {});
}

function invalid(what: string, whose = '@Tracked()'): TypeError {
  return new TypeError(`${whose}'s option ${what}.`);
}
