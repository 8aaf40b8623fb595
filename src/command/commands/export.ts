import { FILTER_OPTIONS } from '../arguments/options.js';
import { CommandError, UsageError } from '../command.errors.js';
import { EXIT } from '../exit-codes.js';
import { columnsOf, EXPORT_COLUMNS, only } from '../output/columns.js';
import type { Command } from './command.js';
import { filterFrom } from './filter.js';

export const exportTasks: Command = {
  name: 'export',
  summary: 'write all tasks, newest first, as JSON lines or CSV',
  about: `It goes through all pages, and keeps none. --format is json (a line for each task, the default) or csv. If it cannot go
on, it says after which task: --marker continues there.`,
  usage: '',
  words: [0, 0],
  options: FILTER_OPTIONS,
  run: async ({ connect, output, messages }, given) => {
    const format = given.text('format') ?? 'json';
    if (format !== 'json' && format !== 'csv') throw new UsageError('An export has --format json or csv.');
    const asked = columnsOf(given.texts('columns'));
    const columns = asked.length > 0 ? asked : EXPORT_COLUMNS;
    const api = await connect();
    let last: string | undefined;
    let count = 0;
    try {
      for await (const task of api.all(filterFrom(api, given))) {
        if (format === 'json') await output.json(asked.length > 0 ? only(task, asked) : task, 0);
        else {
          if (count === 0) await output.csvHead(columns);
          await output.csv(task, columns);
        }
        last = task.uuid;
        count += 1;
        if (count % 1000 === 0) messages.progress(`${count} tasks`);
      }
      if (format === 'csv' && count === 0) await output.csvHead(columns);
    } catch (error) {
      if (error instanceof CommandError && last !== undefined)
        messages.note(`The export is not whole: ${count} tasks so far. To go on: --marker ${last}`);
      throw error;
    } finally {
      messages.done();
    }
    return EXIT.well;
  },
};
