import { ApiError } from '../errors/api-error.js';
import type { Task } from './task.entity.js';
import { taskView } from './task.view.js';

/** The same request under the same tag counts as accepted already. It was not carried out again. */
export class DuplicateRequestError extends ApiError {
  constructor(readonly task: Task) {
    super('DUPLICATE_REQUEST', 409, 'That request is already accepted', { task: taskView(task) });
  }
}

/** The tag is in use for another request, and tags must not be used again. Nothing was recorded or carried out. */
export class TagInUseError extends ApiError {
  /** @param differing the parts in which the requests differ: method, URL, body */
  constructor(
    readonly task: Task,
    differing: string[],
  ) {
    super(
      'TAG_IN_USE',
      409,
      `The tag is in use for another request, which has another ${differing.join(' and ')}. Choose another tag.`,
      { task: taskView(task) },
    );
  }
}

/** A page of tasks was asked for after a task that is not in the list. */
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

/** A list of tasks was asked for by parameters that cannot be meant. */
export class InvalidQueryError extends ApiError {
  constructor(message: string) {
    super('INVALID_QUERY', 400, message);
  }
}

/** No parser has read the body, so it cannot be told whether it is the same request. Nothing was recorded or done. */
export class UnreadBodyError extends ApiError {
  constructor(mediaType: string | null) {
    super(
      'UNREAD_BODY',
      415,
      `A body of the type ${mediaType ?? 'that is not named'} cannot be compared with another one here. Send it without ` +
        `a tag, or as JSON. (The application can name what counts, by the option "parameters".)`,
    );
  }
}

/**
 * A task that was to be ended had moved on already, such as after its process was taken for dead. What was to be
 * committed with it must not be.
 */
export class TaskMovedOnError extends ApiError {
  constructor(uuid: string) {
    super(
      'TASK_MOVED_ON',
      503,
      `Task ${uuid} was given up meanwhile, or has ended already; nothing was done here. Ask by its tag what became of it.`,
    );
  }
}
