import { Inject, Injectable, Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ApiError } from '../../errors/api-error.js';
import { messageOf } from '../../errors/message-of.js';
import { isOutOfReach } from '../../storage/driver-errors.js';
import { within } from '../../storage/within.js';
import type { NewTask } from '../recording/new-task.js';
import { RecorderBusyError } from '../recording/recorder-busy.error.js';
import { TaskRecorder } from '../recording/task.recorder.js';
import { WRITE_LIMIT_MS } from '../recording/write-limit.js';
import type { Task } from '../task.entity.js';
import { DuplicateRequestError, TagInUseError } from '../task.errors.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import type { Caller } from './caller.js';
import type { ReadRequest } from './reading/request-reader.js';
import type { RequestTag } from './reading/request-tag.js';

/** Records tracked requests before they are carried out, and refuses those that are already accepted. */
@Injectable()
export class RequestGate {
  private readonly logger = new Logger(RequestGate.name);

  constructor(
    private readonly recorder: TaskRecorder,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  /**
   * Records a request.
   *
   * @returns `null` for a request that goes on without a record, as `unrecorded` allows
   * @throws DuplicateRequestError and any other error of `TaskRecorder.record`; nothing may be carried out then
   */
  async record(caller: Caller, { tag, newTask }: ReadRequest): Promise<Task | null> {
    const uuid = uuidv7();
    try {
      const task = await (isLent(tag) ? this.recordLent(tag, newTask, uuid) : this.recordNow(newTask, uuid));
      caller.recorded(task);
      return task;
    } catch (error) {
      if (caller.mayPass && this.goesOnUnrecorded(newTask, error)) return null;
      if (!(error instanceof ApiError)) this.recorder.withdraw(uuid);
      caller.notRecorded(newTask, error);
      throw error;
    }
  }

  /** Whether a request goes on without a record, as `unrecorded` allows while the database is down. */
  goesOnUnrecorded({ description }: NewTask, error: unknown): boolean {
    if (description !== null || this.options.unrecorded !== 'pass' || !isNotRecorded(error)) return false;
    this.logger.warn(`A request without a tag goes on unrecorded: ${messageOf(error)}`);
    this.recorder.unrecorded.next();
    return true;
  }

  private recordNow(newTask: NewTask, uuid: string): Promise<Task> {
    return within(WRITE_LIMIT_MS, this.recorder.record(newTask, uuid));
  }

  /** Records it, also if its tag is a name that is free again; an error says where the tag comes from. */
  private async recordLent(tag: RequestTag, newTask: NewTask, uuid: string): Promise<Task> {
    try {
      return await this.recordNow(newTask, uuid);
    } catch (error) {
      if (!isTaken(error)) throw error;
      if ((await tag.isFree?.(error.task)) !== true) throw withNote(error, tag.note);
      await this.recorder.freeName(error.task);
      return await this.recordNow(newTask, uuid).catch((again: unknown) => {
        throw isTaken(again) ? withNote(again, tag.note) : again;
      });
    }
  }
}

/** Whether a tag is not the client's own word, but taken from something else in the request. */
function isLent(tag: RequestTag | null): tag is RequestTag {
  return tag !== null && (tag.isFree !== undefined || tag.note !== undefined);
}

/** Whether another request has the tag. */
function isTaken(error: unknown): error is DuplicateRequestError | TagInUseError {
  return error instanceof DuplicateRequestError || error instanceof TagInUseError;
}

function withNote(error: DuplicateRequestError | TagInUseError, note: string | undefined): ApiError {
  if (note === undefined) return error;
  return error instanceof DuplicateRequestError
    ? new DuplicateRequestError(error.task, note)
    : new TagInUseError(error.task, error.differing, note);
}

/** Whether the record is missing because the database is down, not through the request's or the host's fault. */
function isNotRecorded(error: unknown): boolean {
  return isOutOfReach(error) || error instanceof RecorderBusyError;
}
