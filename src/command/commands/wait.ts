import { setTimeout as pause } from 'node:timers/promises';
import { hasEnded, type TaskRow } from '../api/task-row.js';
import { CommandError, UnreachableError } from '../command.errors.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Command, Context } from './command.js';
import { decisive, nameOf, nothingOf, SUBJECT_OPTIONS, type Subject, subjectOf, tasksOf } from './subject.js';

const DEFAULT_TIMEOUT_S = 600;

/** How long the server is asked to wait at a time, in seconds: proxies cut connections that are silent for longer. */
const WAIT_S = 30;

/** The pause after an answer that came at once, or did not come, in milliseconds. */
const PAUSE_MS = 1000;

export const wait: Command = {
  name: 'wait',
  summary: 'wait until a task, or all tasks of a tag or a server, have ended',
  about: `It may begin before the request arrives, and goes on while the server is away. It prints the task that decides: for a
tag that stands for several requests, one that was accepted and failed, else the newest.`,
  usage: 'TAG-OR-ID',
  words: [0, 1],
  options: {
    ...SUBJECT_OPTIONS,
    timeout: { type: 'string', value: 'SECONDS', help: `how long; ${DEFAULT_TIMEOUT_S} by default` },
  },
  run: async (context, given) => {
    const timeoutS = given.whole('timeout', DEFAULT_TIMEOUT_S);
    const api = await context.connect();
    const subject = await subjectOf(api, given);
    const until = Date.now() + timeoutS * 1000;
    const ask = (waitS: number) => tasksOf(api, subject, waitS);
    try {
      const task = await untilEnded(context, subject, until, ask);
      context.messages.done();
      await context.output.one(task);
      return exitOf(task);
    } finally {
      context.messages.done();
    }
  },
};

/** What a task says at the end. */
export function exitOf(task: TaskRow): ExitCode {
  if (!hasEnded(task)) return EXIT.open;
  return task.state === 'success' ? EXIT.well : EXIT.failed;
}

/** @returns the task that decides, at the end of the time as it is then */
async function untilEnded(
  { messages, signal }: Context,
  subject: Subject,
  until: number,
  ask: (waitS: number) => Promise<TaskRow[]>,
): Promise<TaskRow> {
  let isAway = false;
  // The first look comes back at once: so people see the state while they wait.
  for (let isFirst = true; ; isFirst = false) {
    const leftMs = Math.max(0, until - Date.now());
    const begun = Date.now();
    try {
      const tasks = await ask(isFirst ? 0 : Math.min(WAIT_S, Math.ceil(leftMs / 1000)));
      isAway = false;
      const task = decisive(subject, tasks);
      if (task !== undefined && (hasEnded(task) || Date.now() >= until)) return task;
      if (Date.now() >= until) throw new CommandError(EXIT.notFound, nothingOf(subject));
      messages.progress(`waiting for ${nameOf(subject)}: ${task?.state ?? 'not arrived yet'}`);
    } catch (error) {
      if (!(error instanceof UnreachableError) || Date.now() >= until) throw error;
      // Once: on a terminal, the line of progress goes on saying it.
      if (!isAway) messages.note(`${error.message} Trying again.`);
      isAway = true;
      messages.progress(`waiting for ${nameOf(subject)}: the server is away`);
    }
    if (isFirst && !isAway) continue;
    const restMs = Math.min(begun + PAUSE_MS - Date.now(), Math.max(0, until - Date.now()));
    if (restMs > 0) await pause(restMs, undefined, { signal });
  }
}
