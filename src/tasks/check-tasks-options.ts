import { checkCallOptions } from './requests/calls/call.options.js';
import type { TasksOptions } from './tasks.options.js';

const FUNCTIONS = [
  'otherTag',
  'outcomeOfError',
  'exception',
  'requestUrl',
  'requestIds',
  'subject',
  'taskUrl',
  'now',
] as const;

const FLAGS = ['tagRequired', 'sweep', 'heartbeat'] as const;

/** A day, in milliseconds: a process that has been silent for so long is dead. */
const MAX_PENDING_MS = 86_400_000;

/** @throws TypeError for a missing or invalid option of the module */
export function checkTasksOptions(options: TasksOptions<never>): void {
  const must = (holds: boolean, what: string) => {
    if (!holds) throw new TypeError(`TasksModule's option ${what}.`);
  };
  must(
    typeof options.requester === 'function',
    'requester must return the tenant and user of a request; with one tenant only, use singleTenant',
  );
  for (const name of FUNCTIONS) must(typeof options[name] === 'function', `${name} must be a function`);
  must(
    options.parameters === null || typeof options.parameters === 'function',
    'parameters must be a function',
  );
  checkCallOptions(options);
  must(
    Array.isArray(options.jsonTypes) && options.jsonTypes.every((type) => /^[^;A-Z\s]+$/.test(String(type))),
    'jsonTypes must be media types in lower case, without parameters',
  );
  for (const name of ['settle', 'currentManager'] as const)
    must(options[name] === undefined || typeof options[name] === 'function', `${name} must be a function`);
  for (const name of FLAGS) must(typeof options[name] === 'boolean', `${name} must be true or false`);
  must(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(options.tagHeader), 'tagHeader must be the name of a header');
  must(['group', 'refuse'].includes(options.tagReuse), 'tagReuse must be "group" or "refuse"');
  must(['pass', 'refuse'].includes(options.unrecorded), 'unrecorded must be "pass" or "refuse"');
  const isTime = (value: unknown) => typeof value === 'number' && value >= 0;
  must(
    isTime(options.pendingMs) && options.pendingMs > 0 && options.pendingMs <= MAX_PENDING_MS,
    `pendingMs must be milliseconds, more than 0 and at most ${MAX_PENDING_MS}`,
  );
  must(isTime(options.drainMs), 'drainMs must be milliseconds, 0 or more');
  must(
    options.retentionMs === null ||
      (isTime(options.retentionMs) && options.retentionMs > 0 && options.retentionMs < Infinity),
    'retentionMs must be milliseconds, more than 0, or null: for ever',
  );
  must(
    options.lostAnswersMs === null || (isTime(options.lostAnswersMs) && options.lostAnswersMs < Infinity),
    'lostAnswersMs must be milliseconds, or null: never',
  );
  must(
    Number.isInteger(options.connections) && options.connections > 0,
    'connections must be a whole number, 1 or more',
  );
  must(Number.isFinite(options.now()), 'now must give a number, of milliseconds since the epoch');
}
