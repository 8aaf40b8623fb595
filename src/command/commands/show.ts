import { CommandError } from '../command.errors.js';
import { EXIT } from '../exit-codes.js';
import type { Command } from './command.js';
import { nameOf, nothingOf, SUBJECT_OPTIONS, subjectOf, tasksOf } from './subject.js';

export const show: Command = {
  name: 'show',
  summary: 'show a task: by its uuid, or the newest one of a tag or a server',
  about: '',
  usage: 'TAG-OR-ID',
  words: [0, 1],
  options: SUBJECT_OPTIONS,
  run: async ({ connect, output, messages }, given) => {
    const api = await connect();
    const subject = await subjectOf(api, given);
    const [task, ...others] = await tasksOf(api, subject);
    if (task === undefined) throw new CommandError(EXIT.notFound, nothingOf(subject));
    await output.one(task);
    if (others.length > 0)
      messages.note(
        `${others.length} earlier ${others.length === 1 ? 'task' : 'tasks'} of ${nameOf(subject)}: tasktag ls.`,
      );
    return EXIT.well;
  },
};
