import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { text as textOfStream } from 'node:stream/consumers';
import {
  openstack,
  tagged,
  TaggedAbortError,
  type TaggedInit,
  type TaggedResult,
  tasks,
} from '../../client/index.js';
import { requestUrl } from '../api/address.js';
import type { Api } from '../api/api.js';
import { jsonOf, messageOf } from '../api/refusal.js';
import type { TaskRow } from '../api/task-row.js';
import type { Given } from '../arguments/given.js';
import { CommandError, UsageError } from '../command.errors.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Command, Context } from './command.js';
import { exitOf } from './wait.js';

const DEFAULT_TIMEOUT_S = 600;

export const createOnce: Command = {
  name: 'create-once',
  summary: 'send a request under a tag, and find out how it ended, even if its answer is lost',
  about: `The tag is printed on stderr before anything is sent. With the same tag and body, the command may be repeated at any
time, and run twice at once: the request is carried out once. PATH is one of a request that becomes a task, such as
/v3/servers; of a library host, a path of a tracked route.`,
  usage: 'PATH',
  words: [1, 1],
  options: {
    tag: { type: 'string', value: 'TAG', help: 'the tag; by default a new UUID' },
    body: { type: 'string', value: 'FILE', help: 'the file to send, "-" for stdin' },
    method: { type: 'string', value: 'NAME', help: 'POST by default' },
    'content-type': { type: 'string', value: 'TYPE', help: 'application/json by default' },
    'save-answer': {
      type: 'string',
      value: 'FILE',
      help: 'keep the body of the answer, which may have a password',
    },
    'no-wait': { type: 'boolean', help: 'only until it is known whether it was accepted' },
    timeout: { type: 'string', value: 'SECONDS', help: `how long; ${DEFAULT_TIMEOUT_S} by default` },
  },
  run: async (context, given) => {
    const [path = ''] = given.words;
    const timeoutMs = given.whole('timeout', DEFAULT_TIMEOUT_S, 1) * 1000;
    const tag = given.text('tag') ?? randomUUID();
    const request = await requestOf(context, given);
    const api = await context.connect();
    const url = requestUrl(api.address, path);
    context.messages.note(`tag: ${tag}`);
    const isPatient = !given.isSet('no-wait');
    const wait = { forMs: isPatient ? timeoutMs : 0 };
    const init = {
      ...request,
      tag,
      wait,
      deadlineMs: timeoutMs,
      unknownMs: timeoutMs,
      signal: context.signal,
    };
    const result = await send(context, api, url, init);
    context.messages.done();
    const answer = given.text('save-answer');
    if (answer !== undefined && result.outcome === 'answered')
      writeFileSync(answer, Buffer.from(await result.response.clone().arrayBuffer()), { mode: 0o600 });
    const exit = await tell(context, result);
    // Known is whether it was accepted, and more was not asked for.
    return exit === EXIT.open && !isPatient && result.outcome !== 'unknown' ? EXIT.well : exit;
  },
};

async function requestOf({ stdin }: Context, given: Given): Promise<TaggedInit> {
  const file = given.text('body');
  const method = (given.text('method') ?? 'POST').toUpperCase();
  if (!/^(POST|PUT|PATCH|DELETE)$/.test(method))
    throw new UsageError('--method must be POST, PUT, PATCH or DELETE.');
  if (file === undefined) {
    if (method === 'DELETE') return { method };
    throw new UsageError('--body is missing: a file, or "-" for stdin.');
  }
  const body = file === '-' ? await textOfStream(stdin) : textOf(file);
  const type = given.text('content-type') ?? 'application/json';
  if (type === 'application/json' && !isJson(body))
    throw new UsageError(`${file} is no valid JSON. Nothing was sent.`);
  return { method, body, headers: { 'content-type': type, accept: 'application/json' } };
}

/** The recipe of docs/clients.md, as the client kit follows it. */
async function send(
  { messages, signal }: Context,
  api: Api,
  url: string,
  init: TaggedInit,
): Promise<TaggedResult> {
  const { address, fetch } = api;
  const lookup =
    address.kind === 'openstack' ? openstack({ endpoint: address.base }) : tasks({ url: address.list });
  const watched = async (to: string, how: RequestInit) => {
    messages.progress((how.method ?? 'GET') === 'GET' ? `waiting for the tag ${init.tag}` : `sending ${url}`);
    const response = await fetch(to, how);
    if (signal.aborted) throw signal.reason;
    return response;
  };
  try {
    return await tagged(watched, { lookup })(url, init);
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    if (error instanceof TaggedAbortError && error.sent > 0)
      messages.note(
        `Interrupted; the request may have been accepted. To learn: tasktag wait --tag '${init.tag}'`,
      );
    throw error;
  } finally {
    messages.done();
  }
}

/** Prints the task, or why there is none, and says by the exit code how it ended. */
async function tell({ output, messages }: Context, result: TaggedResult): Promise<ExitCode> {
  const task = 'task' in result ? (result.task as (typeof result.task & TaskRow) | undefined) : undefined;
  const said = 'response' in result && result.response ? messageOf(await jsonOf(result.response)) : null;
  if (task !== undefined) await output.one(task);
  const because = said === null ? '' : `: ${said}`;
  switch (result.outcome) {
    case 'answered': {
      const { status, ok, headers } = result.response;
      if (!ok && task === undefined)
        throw new CommandError(
          status >= 500 ? EXIT.unreachable : EXIT.refused,
          `The server answers ${status}${because}`,
        );
      if (ok && !headers.has('task-tag'))
        messages.note(
          'The answer has no task-tag: it was not recorded under the tag. Do not send it again by the tag.',
        );
      return task === undefined ? EXIT.well : exitOf(task);
    }
    case 'accepted':
      messages.note('The answer was lost, or it had been accepted before; found by the tag.');
      return exitOf(task as TaskRow);
    case 'abandoned':
      throw new CommandError(
        EXIT.refused,
        'The tag was given up: nothing was carried out. To try again, choose a new tag.',
      );
    case 'notAccepted':
      if (task !== undefined)
        throw new CommandError(EXIT.refused, `It was rejected: ${result.task?.fault?.message ?? ''}`);
      throw new CommandError(
        EXIT.unreachable,
        `It was not accepted so far${because}. To try again, use the same tag.`,
      );
    case 'unknown':
      if (task !== undefined) return EXIT.open;
      throw new CommandError(
        EXIT.unreachable,
        `It is not known whether it was accepted: ${causeOf(result.cause)} To try again, use the same tag.`,
      );
  }
}

function causeOf(cause: unknown): string {
  return cause instanceof Error ? `${cause.message.replace(/\.$/, '')}.` : 'no look-up was answered in time.';
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`The file ${file} cannot be read. Nothing was sent.`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
