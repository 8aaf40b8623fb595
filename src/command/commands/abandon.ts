import { EXIT } from '../exit-codes.js';
import type { Command } from './command.js';

export const abandon: Command = {
  name: 'abandon',
  summary: 'give up a tag: no request under it will be carried out any more',
  about: `Exit code 6 says that it is too late: a request under the tag was accepted, or may have been. Nothing was stopped.`,
  usage: 'TAG',
  words: [1, 1],
  options: { reason: { type: 'string', value: 'TEXT', help: 'why, for all who look at the tag' } },
  run: async ({ connect, output }, given) => {
    const [tag] = given.words;
    const reason = given.text('reason');
    const api = await connect();
    await output.one(await api.act('abandon', { tag, ...(reason !== undefined && { reason }) }));
    return EXIT.well;
  },
};
