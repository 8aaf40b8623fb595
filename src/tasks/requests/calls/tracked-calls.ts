import { type CallHandler, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { from, type Observable, of } from 'rxjs';
import { ApiError } from '../../../errors/api-error.js';
import type { Task } from '../../task.entity.js';
import { TASKS_OPTIONS, type TasksOptions } from '../../tasks.options.js';
import type { Answered } from '../caller.js';
import { callHolder, setCurrentTask } from '../current-task.js';
import { RequestsInFlight } from '../in-flight/requests-in-flight.js';
import { valueOf } from '../in-flight/run-handler.js';
import type { TrackedOptions } from '../tracked.options.js';
import { TrackedWork } from '../tracked-work.js';
import { ValueCaller } from '../value-caller.js';
import { handlerOf } from './call-kind.js';
import { CallReader } from './call-reader.js';
import type { Call } from './call.js';
import { graphqlException, rpcException } from './exceptions.js';
import { messageCall } from './message.js';
import { mutationCall } from './mutation.js';
import { withTimes } from './replayed-times.js';

/** A call that interceptors see. */
type InterceptedCall = Call & { kind: keyof typeof CALLERS };

/** Tracks mutations, messages and events, which pass through Nest's interceptors as requests of HTTP do. */
@Injectable()
export class TrackedCalls {
  constructor(
    private readonly work: TrackedWork,
    private readonly reader: CallReader,
    private readonly inFlight: RequestsInFlight,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  /** @param tracked the options of the handler, or of its class */
  async intercept(
    context: ExecutionContext,
    next: CallHandler<unknown>,
    tracked: TrackedOptions<unknown>,
  ): Promise<Observable<unknown>> {
    const call = this.callOf(context);
    if (call === null) return next.handle();
    try {
      return await this.admit(call, context, next, tracked);
    } catch (error) {
      throw await this.exception(call, error);
    }
  }

  /** @returns `null` for a handler that is not tracked because its class is */
  private callOf(context: ExecutionContext): InterceptedCall | null {
    switch (handlerOf(context.getHandler())) {
      case 'mutation':
        return mutationCall(context, this.options);
      case 'message':
        return messageCall('MESSAGE', context, this.options);
      case 'event':
        return messageCall('EVENT', context, this.options);
      default:
        return null;
    }
  }

  private async admit(
    call: InterceptedCall,
    context: ExecutionContext,
    next: CallHandler<unknown>,
    given: TrackedOptions<unknown>,
  ): Promise<Observable<unknown>> {
    const { request, moduleRequest } = call;
    const tracked: TrackedOptions<unknown> =
      call.kind === 'EVENT' ? { ...given, duplicates: 'answer' } : given;
    const holder = callHolder(context);
    const onTask = (task: Task) => setCurrentTask(holder, task);
    const caller = new CALLERS[call.kind](this.work.services, request, onTask);
    const admitted = await this.work.admit(caller, tracked, () => this.reader.read(call, tracked));
    switch (admitted.is) {
      case 'recorded': {
        const recorded = { task: admitted.task, tracked, request, moduleRequest };
        const done = this.work.carryOut(recorded, () => valueOf(next));
        // The handler may let an error of this module pass.
        const answer = done.catch(async (error: unknown) => {
          throw error instanceof ApiError ? await this.exception(call, error) : error;
        });
        // Nest does not look at it when another handler of the same event has failed before.
        return from(this.inFlight.untilSettled(null, answer));
      }
      case 'unrecorded':
        return from(this.inFlight.untilSettled(null, valueOf(next)));
      case 'answered':
        return of(admitted.value);
      case 'sent':
        return of(undefined);
    }
  }

  private async exception({ kind }: Call, error: unknown): Promise<unknown> {
    const exception = this.options.exception(error);
    return kind === 'MUTATION' ? graphqlException(exception) : await rpcException(exception);
  }
}

/** Nobody waits for the answer to an event. Once the first one is decided, there is nothing to do for the second. */
class EventCaller extends ValueCaller {
  override again(first: Task): Promise<Answered | null> {
    return Promise.resolve(this.answered(first, undefined));
  }
}

/** GraphQL makes a text of each value itself, and cannot do so if it is one already. */
class MutationCaller extends ValueCaller {
  override async replay(first: Task): Promise<Answered | null> {
    const answer = await super.replay(first);
    return answer?.is === 'answered' ? { is: 'answered', value: withTimes(answer.value) } : answer;
  }
}

const CALLERS = { MUTATION: MutationCaller, MESSAGE: ValueCaller, EVENT: EventCaller };
