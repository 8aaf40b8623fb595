import { EXIT } from '../exit-codes.js';
import type { Command } from './command.js';

export const look: Command = {
  name: 'look',
  summary: 'have an open task looked at now, rather than when its next look is due',
  about: `It does not wait for what the look finds out: tasktag wait does. Exit code 6 says that the task has ended.`,
  usage: 'UUID',
  words: [1, 1],
  options: {},
  run: async ({ connect, output }, given) => {
    const [uuid] = given.words;
    const api = await connect();
    await output.one(await api.act('look', { uuid }));
    return EXIT.well;
  },
};
