import { Injectable } from '@nestjs/common';
import { assertTag } from '../../tag.js';
import { checkTaskName } from '../../task-name.js';
import type { Task } from '../../task.entity.js';
import { namedDescription } from '../reading/named-description.js';
import type { ReadRequest } from '../reading/request-reader.js';
import { checkRequester } from '../reading/requester.js';
import type { TrackedOptions } from '../tracked.options.js';
import { TrackedWork } from '../tracked-work.js';
import { ValueCaller } from '../value-caller.js';
import { checkRun } from './check-run.js';
import type { RunOptions } from './run.options.js';

/** Work that the host's own code asks for. */
@Injectable()
export class Runs {
  constructor(private readonly work: TrackedWork) {}

  /** See `TasksService.run`. */
  async run<Result>(
    options: RunOptions<Result>,
    work: (task: Task) => Result | Promise<Result>,
  ): Promise<Result> {
    checkRun(options, work);
    const tracked = trackedOptions(options);
    const caller = new RunCaller(this.work.services, undefined);
    const admitted = await this.work.admit(caller, tracked, async () => Promise.resolve(read(options)));
    if (admitted.is !== 'recorded') return (admitted as { value: Result }).value;
    const { task } = admitted;
    return this.work.carryOut({ task, tracked, request: undefined }, async () => work(task));
  }
}

/** The work is given a task, so there is always one. */
class RunCaller extends ValueCaller {
  override readonly mayPass = false;
}

function trackedOptions<Result>(options: RunOptions<Result>): TrackedOptions<unknown> {
  const { duplicates, answerAgain, replay, sameTransaction, outcome, outcomeOfError } = options;
  return {
    task: () => options.task,
    duplicates,
    answerAgain,
    replay,
    sameTransaction,
    outcome: outcome as TrackedOptions<unknown>['outcome'],
    outcomeOfError,
  };
}

function read<Result>(options: RunOptions<Result>): ReadRequest {
  const { tag, userId = '', parameters, resource = null, sameTransaction } = options;
  const { projectId } = checkRequester({ projectId: options.projectId, userId }, 'tasks.run() was given');
  if (tag !== null) assertTag(tag, 'The tag of tasks.run()');
  const task = checkTaskName(options.task, 'tasks.run() was given');
  const description = tag === null ? null : namedDescription({ kind: 'RUN', place: [task], parameters });
  const requestIds = { requestId: null, globalRequestId: null };
  return {
    tag: tag === null ? null : { tag, means: 'tag' },
    newTask: { projectId, userId, tag, description, task, resource, sameTransaction, ...requestIds },
  };
}
