import { Inject, Injectable } from '@nestjs/common';
import { TaskAnswers } from '../answers/task-answers.js';
import type { SentAnswer } from '../answers/sent-answer.js';
import { TaskRecorder } from '../recording/task.recorder.js';
import type { Task } from '../task.entity.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { Admission } from './admission.js';
import type { Admitted, Caller } from './caller.js';
import { HandlerTransactions } from './in-flight/handler-transactions.js';
import { RequestsInFlight } from './in-flight/requests-in-flight.js';
import { runWork } from './in-flight/run-handler.js';
import { type RecordedWork, WorkInFlight, type WorkServices } from './in-flight/work-in-flight.js';
import { jsonText } from './reading/json-text.js';
import type { ReadRequest } from './reading/request-reader.js';
import type { TrackedOptions } from './tracked.options.js';

/** Work that is asked for outside HTTP: recorded, carried out once, and settled, as a request of HTTP is. */
@Injectable()
export class TrackedWork {
  readonly services: WorkServices;

  constructor(
    private readonly admission: Admission,
    private readonly inFlight: RequestsInFlight,
    recorder: TaskRecorder,
    answers: TaskAnswers,
    transactions: HandlerTransactions,
    @Inject(TASKS_OPTIONS) options: TasksOptions,
  ) {
    this.services = { recorder, answers, inFlight, transactions, options };
  }

  /**
   * Records what a caller asks for, unless it is refused or answered.
   *
   * @throws DuplicateRequestError and any other error of `Admission.admit`; nothing may be carried out then
   */
  admit(
    caller: Caller,
    tracked: TrackedOptions<unknown>,
    read: () => Promise<ReadRequest>,
  ): Promise<Admitted> {
    const admit = async () => this.admission.admit(caller, tracked, await read());
    const admitted = admit().catch((error: unknown) => {
      this.admission.note(error, caller);
      throw error;
    });
    return this.inFlight.untilSettled(null, admitted);
  }

  /** Carries out recorded work, and records its outcome before its value is returned. */
  carryOut<Value>(recorded: RecordedWork, work: (task: Task) => Promise<Value>): Promise<Value> {
    const inFlight = new WorkInFlight(this.services, recorded);
    const done = async () => {
      const value = await runWork(inFlight, () => work(recorded.task));
      await inFlight.returned(value);
      if (inFlight.isReplayed) await inFlight.keepAnswer(answerOf(value));
      return value;
    };
    return inFlight.untilSettled(done());
  }
}

/** A value as it is stored; `null` when JSON cannot represent it. */
function answerOf(value: unknown): SentAnswer | null {
  try {
    const body = Buffer.from(jsonText(value) ?? '');
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  } catch {
    return null;
  }
}
