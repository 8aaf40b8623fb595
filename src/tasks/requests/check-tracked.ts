import { replayOptions } from '../answers/replay.options.js';
import { assertKnown } from '../known-options.js';
import type { TrackedOptions } from './tracked.options.js';

const KNOWN: Record<keyof TrackedOptions<unknown>, string> = {
  task: 'function',
  resource: 'function',
  outcome: 'function',
  outcomeOfError: 'function',
  parameters: 'function',
  duplicates: 'string',
  replay: 'object',
  sameTransaction: 'boolean',
};

/**
 * Checks what a handler's decorator was given: a mistake stops the start, and not the first request.
 *
 * @throws TypeError for an option that is not known or cannot be meant
 */
export function checkTracked(options: TrackedOptions<never, never>): void {
  assertKnown(options ?? {}, Object.keys(KNOWN), '@Tracked()');
  const given: Record<string, unknown> = { ...options };
  for (const [name, type] of Object.entries(KNOWN)) {
    const isLeftOut = given[name] === undefined && name !== 'task';
    if (!isLeftOut && typeof given[name] !== type) throw unmeant(`${name} must be of the type ${type}`);
  }
  if (options.duplicates !== undefined && !['refuse', 'replay'].includes(options.duplicates)) {
    throw unmeant('duplicates must be "refuse" or "replay"');
  }
  replayOptions(options.replay ?? {});
}

function unmeant(what: string): TypeError {
  return new TypeError(`@Tracked()'s option ${what}.`);
}
