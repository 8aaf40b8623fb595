import type { TaskAnswers } from '../answers/task-answers.js';
import type { TaskRecorder } from '../recording/task.recorder.js';
import type { Task } from '../task.entity.js';
import type { Refusal } from '../task.errors.js';
import type { Answered, Caller } from './caller.js';
import type { TrackedOptions } from './tracked.options.js';

/** The services by which a caller gets the answers of earlier requests. */
export interface EarlierAnswers {
  answers: TaskAnswers;
  recorder: TaskRecorder;
}

/** A request whose answer is a value, and not a response of HTTP. */
export class ValueCaller implements Caller {
  readonly mayPass: boolean = true;

  /** @param onTask gets the request's task, or that of the earlier one whose answer it gets */
  constructor(
    private readonly earlier: EarlierAnswers,
    readonly request: unknown,
    private readonly onTask: (task: Task) => void = () => undefined,
  ) {}

  recorded(task: Task): void {
    this.onTask(task);
  }

  notRecorded(): void {}

  refused({ task }: Refusal): void {
    this.onTask(task);
  }

  async replay(first: Task): Promise<Answered | null> {
    const answer = await this.earlier.answers.find(first.uuid).catch(() => null);
    return answer === null ? null : this.answered(first, valueOf(answer.body));
  }

  async again(first: Task, tracked: TrackedOptions<unknown>): Promise<Answered | null> {
    const value = await tracked.answerAgain?.(first, this.request);
    return value === undefined || value === null ? null : this.answered(first, value);
  }

  /** Who waits for a value cannot be seen to go. */
  untilGone(): AbortSignal {
    return new AbortController().signal;
  }

  protected answered(first: Task, value: unknown): Answered {
    this.earlier.recorder.answered.next(first);
    this.onTask(first);
    return { is: 'answered', value };
  }
}

/** The value whose JSON was stored; no bytes are no value. */
function valueOf(body: Buffer): unknown {
  return body.length === 0 ? undefined : (JSON.parse(body.toString()) as unknown);
}
