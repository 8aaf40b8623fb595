import { FILTER_OPTIONS } from '../arguments/options.js';
import type { TaskRow } from '../api/task-row.js';
import { isRow } from '../api/task-row.js';
import { UsageError } from '../command.errors.js';
import { EXIT } from '../exit-codes.js';
import type { Command } from './command.js';
import { filterFrom } from './filter.js';

const DEFAULT_LIMIT = 100;

export const ls: Command = {
  name: 'ls',
  summary: 'list tasks, newest first',
  about: `Without options, the newest ${DEFAULT_LIMIT} tasks of the project. An empty list for a tag is a fact: nothing was accepted
under it so far.`,
  usage: '',
  words: [0, 0],
  options: {
    ...FILTER_OPTIONS,
    limit: { type: 'string', value: 'N', help: `at most so many; ${DEFAULT_LIMIT} by default` },
    counts: { type: 'boolean', help: 'only how many there are in each state' },
  },
  run: async ({ connect, output, messages }, given) => {
    const limit = given.whole('limit', DEFAULT_LIMIT, 1);
    const api = await connect();
    const filter = filterFrom(api, given);
    if (given.isSet('counts')) {
      const { counts } = (await api.page({ ...filter, counts: 'true', limit: '1' })).body;
      if (!isRow(counts)) throw new UsageError('This server does not count tasks.');
      await output.one(counts);
      return EXIT.well;
    }
    const tasks: TaskRow[] = [];
    // One more than asked for tells whether there are more.
    for await (const task of api.all(filter, limit + 1)) tasks.push(task);
    const marker = tasks[limit - 1]?.uuid;
    const hasMore = tasks.length > limit;
    await output.list(tasks.slice(0, limit));
    if (hasMore) messages.note(`There are more: --limit, or --marker ${marker}.`);
    return EXIT.well;
  },
};
