import type { Api, Filter } from '../api/api.js';
import { hasEnded, type TaskRow } from '../api/task-row.js';
import { UsageError } from '../command.errors.js';
import type { Given } from '../arguments/given.js';
import type { OptionSpecs } from '../arguments/options.js';

/** What a command is about: one task, or all tasks of a tag or of a server. */
export type Subject =
  { is: 'task'; uuid: string } | { is: 'tag'; tag: string } | { is: 'server'; id: string };

export const SUBJECT_OPTIONS: OptionSpecs = {
  tag: { type: 'string', value: 'TAG', help: 'a tag, even one that looks like an id' },
  server: { type: 'string', value: 'ID', help: 'all tasks of a server; of a library host, of a subject' },
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Finds out what a command is about. A word that looks like an id is one if the server knows it; else it is a tag. */
export async function subjectOf(api: Api, given: Given): Promise<Subject> {
  const [word] = given.words;
  const tag = given.text('tag');
  const server = given.text('server');
  if ([word, tag, server].filter((one) => one !== undefined).length !== 1)
    throw new UsageError('Give one of these: a tag or a uuid, --tag, or --server.');
  if (tag !== undefined) return { is: 'tag', tag };
  if (server !== undefined) return { is: 'server', id: server };
  const text = word as string;
  if (text === '') throw new UsageError('A tag has 1 to 255 bytes.');
  if (!UUID.test(text)) return { is: 'tag', tag: text };
  const uuid = text.toLowerCase();
  if ((await api.one(uuid)) !== null) return { is: 'task', uuid };
  const ofServer: Subject = { is: 'server', id: uuid };
  const { tasks } = await api.page({ ...filterOf(api, ofServer), limit: '1' });
  return tasks.length > 0 ? ofServer : { is: 'tag', tag: text };
}

/** The parameters that choose its tasks. */
export function filterOf({ address }: Api, subject: Exclude<Subject, { is: 'task' }>): Filter {
  if (subject.is === 'tag') return { tag: subject.tag };
  return { [address.kind === 'host' ? 'subject' : 'server']: subject.id };
}

/** The subject's tasks, newest first. */
export async function tasksOf(api: Api, subject: Subject, waitS = 0): Promise<TaskRow[]> {
  if (subject.is !== 'task') return (await api.page(filterOf(api, subject), waitS)).tasks;
  const task = await api.one(subject.uuid, waitS);
  return task === null ? [] : [task];
}

/** In words. */
export function nameOf(subject: Subject): string {
  if (subject.is === 'task') return `the task ${subject.uuid}`;
  return subject.is === 'tag' ? `the tag ${subject.tag}` : `the server ${subject.id}`;
}

/** Why nothing was found. */
export function nothingOf(subject: Subject): string {
  if (subject.is === 'tag') return `No request under the tag ${subject.tag} has been accepted so far.`;
  return `There is no task of ${nameOf(subject).replace(/^the /, 'the ')}.`;
}

/**
 * The task that tells how it went. Of a tag, which may stand for several requests: an open one, else one that was
 * accepted and failed, else the newest. So an earlier try that was rejected does not count once there is a later one.
 */
export function decisive(subject: Subject, tasks: readonly TaskRow[]): TaskRow | undefined {
  const open = tasks.find((task) => !hasEnded(task));
  if (open !== undefined || subject.is !== 'tag') return open ?? tasks[0];
  return tasks.find(({ state, accepted }) => state === 'failure' && accepted !== false) ?? tasks[0];
}
