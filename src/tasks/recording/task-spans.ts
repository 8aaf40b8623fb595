import type { Task } from '../task.entity.js';
import { isRefusal } from '../task.errors.js';
import type { Outcome } from '../task.states.js';
import type { Tracing, WorkSpan } from '../tracing/tracing.js';

/** Records a request in a span of its own; that of a refused one refers to the first request. */
export function inRecordSpan(
  tracing: Tracing,
  task: string,
  record: (span: WorkSpan | null) => Promise<Task>,
): Promise<Task> {
  return tracing.span('record', { 'tasktag.task': task }, (span) => {
    if (span === null) return record(null);
    return record(span).catch((error: unknown) => {
      if (isRefusal(error)) span.link(error.task.traceContext);
      throw error;
    });
  });
}

/** Notes where the task is traced, and in the trace, which task it is. */
export function noteTrace(span: WorkSpan | null, task: Task): void {
  if (span === null) return;
  task.traceContext = span.context;
  span.set('tasktag.uuid', task.uuid);
}

/** Records an outcome in a span of its own. */
export function inSettleSpan<T>(
  tracing: Tracing,
  uuid: string,
  { state }: Outcome,
  settle: () => Promise<T>,
): Promise<T> {
  return tracing.span('settle', { 'tasktag.uuid': uuid, 'tasktag.state': state }, settle);
}
