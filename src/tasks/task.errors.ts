import { ApiError } from '../errors/api-error.js';
import type { Task } from './task.entity.js';
import { taskView } from './task.view.js';

/** The same request under the same tag already counts as accepted. It was not carried out again. */
export class DuplicateRequestError extends ApiError {
  /** @param note where its tag comes from, if not from the header */
  constructor(
    readonly task: Task,
    note?: string,
    override readonly retryAfter?: number,
  ) {
    const message = 'That request is already accepted';
    super('DUPLICATE_REQUEST', 409, note === undefined ? message : `${message}. ${note}`, {
      task: taskView(task),
    });
  }
}

/** The tag is already used for another request, and tags must not be reused. Nothing was recorded or carried out. */
export class TagInUseError extends ApiError {
  /**
   * @param differing the parts in which the requests differ: method, URL, body or members of it
   * @param note where the tag comes from, and how to get another one
   */
  constructor(
    readonly task: Task,
    readonly differing: string[],
    note = 'Choose another tag.',
  ) {
    super(
      'TAG_IN_USE',
      409,
      `The tag is already used for another request, with another ${differing.join(' and ')}. ${note}`,
      { task: taskView(task) },
    );
  }
}

/**
 * The tag was abandoned: no request under it is carried out any more. Nothing was done.
 *
 * Its `task` is the abandonment, which says by whom, when and why.
 */
export class AbandonedTagError extends ApiError {
  constructor(readonly task: Task) {
    super('TAG_ABANDONED', 410, ABANDONED, { task: taskView(task) });
  }
}

/** What users of an abandoned tag are told. */
export const ABANDONED =
  'This tag was abandoned: no request under it is carried out any more. Choose a new tag.';

/** A tag cannot be abandoned, because a request under it was recorded before. Nothing was stopped. */
export class TooLateToAbandonError extends ApiError {
  /** @param tasks those of the tag that are not certainly rejected, newest first; at least one */
  constructor(readonly tasks: Task[]) {
    super(
      'TOO_LATE_TO_ABANDON',
      409,
      'It is too late to abandon this tag: a request under it has arrived, and may have been accepted. Nothing was ' +
        'stopped. Look at its tasks.',
      { tasks: tasks.map(taskView) },
    );
  }
}

/** Only an unknown task can be resolved, and this one is not unknown, or is no longer. */
export class TaskNotUnknownError extends ApiError {
  constructor(readonly task: Task) {
    super(
      'TASK_NOT_UNKNOWN',
      409,
      `Task ${task.uuid} is not unknown: its state is ${task.state}. Only an unknown task can be resolved.`,
      { task: taskView(task) },
    );
  }
}

/** A task has ended: there is nothing left to look for. */
export class TaskEndedError extends ApiError {
  constructor(readonly task: Task) {
    super(
      'TASK_ENDED',
      409,
      `Task ${task.uuid} has ended: its state is ${task.state}. There is nothing to look for.`,
      {
        task: taskView(task),
      },
    );
  }
}

/** The marker of a page is not a task in the list. */
export class UnknownMarkerError extends ApiError {
  constructor(marker: string) {
    super('UNKNOWN_MARKER', 400, `Marker ${marker} could not be found.`);
  }
}

/** There is no such task in the requester's project. */
export class TaskNotFoundError extends ApiError {
  constructor(uuid: string) {
    super('TASK_NOT_FOUND', 404, `Task ${uuid} could not be found.`);
  }
}

/** The parameters of a list of tasks are invalid. */
export class InvalidQueryError extends ApiError {
  constructor(message: string) {
    super('INVALID_QUERY', 400, message);
  }
}

/** No parser has read the body, so the request cannot be compared with others. Nothing was recorded or done. */
export class UnreadBodyError extends ApiError {
  constructor(mediaType: string | null) {
    super(
      'UNREAD_BODY',
      415,
      `A body of ${mediaType ?? 'an unnamed type'} cannot be compared with others here. Send it without a tag, ` +
        `or as JSON. (The application can define what to compare, with the option "parameters".)`,
    );
  }
}

/**
 * A task could not be ended, because it had already moved on, for example since its process was taken for dead. The
 * work that was to be committed with it must not be committed.
 */
export class TaskMovedOnError extends ApiError {
  constructor(uuid: string) {
    super(
      'TASK_MOVED_ON',
      503,
      `Task ${uuid} was given up or has ended meanwhile; nothing was done here. Look up the outcome by its tag.`,
    );
  }
}

/**
 * The answer to a request without a tag goes to a later request instead, or may do so: this one was answered so late
 * that its process was taken for dead.
 */
export class AnswerWithheldError extends ApiError {
  constructor(readonly task: Task) {
    super(
      'ANSWER_WITHHELD',
      504,
      `The request was carried out, but so late that the same request may have got its answer. Look at task ${task.uuid}.`,
      { task: taskView(task) },
    );
  }
}

/** The client has gone while its request waited: there is nobody to answer, and nothing was done. */
export class ClientGoneError extends ApiError {
  constructor() {
    super('CLIENT_GONE', 499, 'The client has closed the connection.');
  }
}

/** A request is refused because of its tag; the error has the task that the tag belongs to. */
export type Refusal = DuplicateRequestError | TagInUseError | AbandonedTagError;

export function isRefusal(error: unknown): error is Refusal {
  return (
    error instanceof DuplicateRequestError ||
    error instanceof TagInUseError ||
    error instanceof AbandonedTagError
  );
}
