import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { until } from '../until.js';

/** OpenTelemetry as a host sets it up, with a span for each request, named by its tag; all stay in memory. */
export class Spans {
  private readonly exporter = new InMemorySpanExporter();

  start(): void {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(this.exporter)] }),
    );
  }

  stop(): void {
    trace.disable();
    context.disable();
    propagation.disable();
  }

  forget(): void {
    this.exporter.reset();
  }

  /** What an instrumentation does in a host on Express. */
  readonly ofRequests = ({ headers }: IncomingMessage, response: ServerResponse, next: () => void) => {
    trace.getTracer('host').startActiveSpan(`request ${String(headers['task-tag'])}`, (span) => {
      response.once('close', () => span.end());
      next();
    });
  };

  /** All spans, once those of the requests with these tags have ended. */
  of(...tags: string[]): Promise<ReadableSpan[]> {
    return until('the requests to end', () => {
      const spans = this.exporter.getFinishedSpans();
      const names = new Set(spans.map(({ name }) => name));
      return tags.every((tag) => names.has(`request ${tag}`)) && spans;
    });
  }
}

/** The names of all spans in the trace of one request. */
export function namesInTrace(spans: ReadableSpan[], tag: string): string[] {
  const request = spans.find(({ name }) => name === `request ${tag}`);
  const traceId = request?.spanContext().traceId;
  return spans
    .filter((span) => span.spanContext().traceId === traceId)
    .map(({ name }) => name)
    .sort();
}
