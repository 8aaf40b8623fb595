import { UsageError } from '../command.errors.js';
import { EXIT } from '../exit-codes.js';
import type { Command } from './command.js';

/** What an administrator may have found out. */
const ENDS = {
  success: { accepted: true, state: 'success' },
  failure: { accepted: true, state: 'failure' },
  'not-accepted': { accepted: false, state: 'failure' },
} as const;

const CHOICES = Object.keys(ENDS) as (keyof typeof ENDS)[];

export const resolve: Command = {
  name: 'resolve',
  summary: 'end a task that stays unknown (administrators)',
  about: `Look yourself first whether the request was accepted. After not-accepted, the same request may be sent again under the
same tag.`,
  usage: 'UUID',
  words: [1, 1],
  options: {
    as: {
      type: 'string',
      value: 'END',
      help: 'success, failure (accepted, and ended badly) or not-accepted',
    },
    reason: { type: 'string', value: 'TEXT', help: 'why, for all who look at the task' },
  },
  run: async ({ connect, output }, given) => {
    const [uuid] = given.words;
    const end = given.oneOf('as', CHOICES);
    if (end === undefined) throw new UsageError(`--as is missing: ${CHOICES.join(', ')}.`);
    const reason = given.text('reason');
    const api = await connect();
    await output.one(
      await api.act('resolve', { uuid, ...ENDS[end], ...(reason !== undefined && { reason }) }),
    );
    return EXIT.well;
  },
};
